using System.Security.Cryptography;
using CredSync.Shared.Files;

namespace CredSync.Issuers.OpenBadges;

/// <summary>
/// The secret from which an issuer derives salts and pseudonyms: 32 random bytes in a file beside the signing key, made on first use. It is
/// a file of its own, so that a new signing key does not change who is who.
/// </summary>
internal static class OpenBadgesSecrets
{
    /// <summary>How many bytes it has.</summary>
    public const int Length = 32;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="IssuerException">The file cannot be read or made, or is not 32 bytes long.</exception>
    public static byte[] LoadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
            {
                throw new IssuerException(FaultKind.Misconfigured, "issuer-secret-unusable",
                    $"The file {path} with the issuer's salt secret is open to its group or to others, who could tell whose a badge is; run: chmod 600 {path}");
            }

            byte[] secret = new byte[Length];
            return file.Length == Length && file.ReadAtLeast(secret, Length, throwOnEndOfStream: false) == Length ? secret : throw Unusable(path, null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, fault);
        }
    }

    // Written whole under another name first: a crash leaves no half secret, and of two processes that start at once one wins for both.
    private static void Create(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        string draft = path + "." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(RandomNumberGenerator.GetBytes(Length));
                stream.Flush(flushToDisk: true);
            }

            FirstFile.TryName(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static IssuerException Unusable(string path, Exception? inner) => new(
        FaultKind.Misconfigured,
        "issuer-secret-unusable",
        $"The file {path} with the issuer's salt secret cannot be used; restore it from the backup or, for a new issuer, make its folder writable.",
        inner: inner);
}
