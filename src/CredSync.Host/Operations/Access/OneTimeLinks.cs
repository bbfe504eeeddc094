using System.Buffers.Text;
using System.Security.Cryptography;

namespace CredSync.Host.Operations.Access;

/// <summary>
/// Sign-in of the embedded default: a link that lets in whoever opens it first, once. It is printed at the start and stands in a file that only its owner can
/// read; when it was used, the file has the next one. Who can read the file could read the ledger as well.
/// </summary>
internal sealed class OneTimeLinks(WorkerSettings settings)
{
    /// <summary>The file, in the data folder.</summary>
    public const string FileName = "sign-in-link";

    private readonly Lock gate = new();
    private byte[]? expected;
    private string address = "";

    /// <summary>Makes a link that leads to an address, and puts it into the file. An earlier one is no good any more.</summary>
    public string Renew(string at)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        string link = $"{at.TrimEnd('/')}/sign-in?token={token}";
        lock (gate)
        {
            address = at;
            expected = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token));
            Write(link);
        }

        return link;
    }

    /// <summary>Uses a link up.</summary>
    /// <returns>True for the one who came first.</returns>
    public bool TryUse(string token)
    {
        byte[] given = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token));
        lock (gate)
        {
            if (expected is null || !CryptographicOperations.FixedTimeEquals(expected, given))
            {
                return false;
            }

            expected = null;
        }

        Renew(address);
        return true;
    }

    private void Write(string link)
    {
        string path = Path.Combine(settings.DataFolder, FileName);
        string fresh = path + ".new";
        Directory.CreateDirectory(settings.DataFolder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(fresh);
        using (var writer = new StreamWriter(fresh, options))
        {
            writer.WriteLine(link);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
