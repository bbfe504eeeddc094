using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CredSync.Core.Issuance;

/// <summary>Tells failures of one kind from those of another by their sentence: equal when two sentences differ in names, ids, numbers and addresses only.</summary>
public static partial class FailureFingerprint
{
    /// <summary>The fingerprint of a sentence.</summary>
    /// <param name="sentence">The sentence of a failure; null gives null.</param>
    /// <returns>Eight hexadecimal digits.</returns>
    public static string? Of(string? sentence) =>
        sentence is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Variable().Replace(sentence, "#"))))[..8];

    // Addresses, e-mail addresses, what stands in quotes, UUIDs, and any word with a digit in it.
    [GeneratedRegex("""https?://\S+|\S+@\S+|'[^']*'|"[^"]*"|«[^»]*»|[\w-]*\d[\w.:-]*""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
