using CredSync.OpenBadges.Keys;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>A signing key for tokens, made once for all tests: making an RSA key takes seconds.</summary>
internal static class KeyFiles
{
    private static readonly Lazy<byte[]> TokenKey = new(Make);

    /// <summary>Puts the key where an issuer looks for it.</summary>
    public static void Provide(string keyPath)
    {
        string path = keyPath + ".jwt";
        if (File.Exists(path))
        {
            return;
        }

        File.WriteAllBytes(path, TokenKey.Value);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static byte[] Make()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("credsync-key-");
        try
        {
            string path = Path.Combine(folder.FullName, "key");
            SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.Rsa).Dispose();
            return File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
