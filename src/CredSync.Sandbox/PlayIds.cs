using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CredSync.Sandbox;

/// <summary>Ids that look random and are the same in every run.</summary>
internal static class PlayIds
{
    /// <summary>A UUID for the number-th thing of a kind.</summary>
    public static string Create(string kind, int number) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}|{number}"))).AsSpan(0, 16)).ToString("D");
}
