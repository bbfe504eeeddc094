using System.Security.Cryptography;
using System.Text;
using CredSync.Shared.Files;

namespace CredSync.OpenBadges.Keys;

/// <summary>
/// Signing keys in files: PEM with PKCS#8 (<c>-----BEGIN PRIVATE KEY-----</c>; for Ed25519 as in RFC 8410), the form that
/// OpenSSL writes and reads, so that <c>openssl pkey -in FILE -text</c> shows what a file holds.
/// </summary>
public static class SigningKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int LongestFile = 64 * 1024;

    /// <summary>
    /// Loads the key of a file, or makes one on first use and writes it there, readable only by its owner (mode 0600). The file appears
    /// complete or not at all; of two processes that start at once both use the key of the first.
    /// </summary>
    /// <param name="path">The file. A missing directory is made.</param>
    /// <param name="algorithm">The kind of key to make; a file that holds another kind is refused.</param>
    /// <exception cref="KeyException">Group or others can access the file, it cannot be read or written, or it holds no such key.</exception>
    public static SigningKey LoadOrCreate(string path, KeyAlgorithm algorithm)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        SigningKey key = TryLoad(path) ?? CreateFile(path, algorithm);
        if (key.Algorithm == algorithm) return key;
        KeyAlgorithm found = key.Algorithm;
        key.Dispose();
        throw new KeyException($"The key file {path} holds a key of kind {found}, but {algorithm} is configured; name another file or change the setting.");
    }

    /// <summary>Loads the key of an existing file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KeyException">The file is missing, group or others can access it, or it holds no key.</exception>
    public static SigningKey Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return TryLoad(path) ?? throw new KeyException($"There is no key file {path}; check the path, or let the issuer make a key.");
    }

    private static SigningKey? TryLoad(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            // The mode of the opened file, not of the path: a file put in its place between two calls is not trusted.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
                throw new KeyException($"The key file {path} is open to its group or to others; run: chmod 600 {path}");
            if (file.Length > LongestFile) throw new KeyException($"The file {path} is longer than 64 kB; it is not a key file.");
            using StreamReader reader = new(file, Encoding.UTF8);
            return SigningKeyText.Parse(reader.ReadToEnd());
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new KeyException($"The key file {path} cannot be read; check that the user of this process owns it.", cause);
        }
    }

    private static SigningKey CreateFile(string path, KeyAlgorithm algorithm)
    {
        string whole = Path.GetFullPath(path);
        string draft = $"{whole}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.new";
        SigningKey key = SigningKey.Create(algorithm);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
            Write(draft, key.ExportPem());
            if (FirstFile.TryName(draft, whole)) return key;
            key.Dispose();
            return TryLoad(path) ?? throw new KeyException($"The key file {path} vanished while it was being read; start again.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new KeyException($"The key file {path} cannot be written; make its directory writable for the user of this process.", cause);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Write(string draft, string pem)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using FileStream file = new(draft, options);
        file.Write(Encoding.ASCII.GetBytes(pem));
        file.Flush(flushToDisk: true);
    }
}
