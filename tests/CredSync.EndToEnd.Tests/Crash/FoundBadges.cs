using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CredSync.Sandbox.Moodle;

namespace CredSync.EndToEnd.Tests.Crash;

/// <summary>Reads the badges in a folder the way a stranger would: from the files alone.</summary>
internal static class FoundBadges
{
    /// <summary>Every badge, one for each credential id, with the learner whose salted address it carries.</summary>
    public static IReadOnlyList<ExpectedBadge> In(string folder, MoodleWorld world)
    {
        var found = new List<ExpectedBadge>();
        foreach (string file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            found.Add(Read(Path.GetFileName(Path.GetDirectoryName(file))!, File.ReadAllBytes(file), world));
        }

        return found;
    }

    /// <summary>One badge, with the learner whose salted address it carries.</summary>
    public static ExpectedBadge Read(string definition, byte[] content, MoodleWorld world)
    {
        using JsonDocument credential = JsonDocument.Parse(content);
        JsonElement identity = credential.RootElement.GetProperty("credentialSubject").GetProperty("identifier")[0];
        string hash = identity.GetProperty("identityHash").GetString()!;
        string salt = identity.GetProperty("salt").GetString()!;
        MoodleUser learner = world.Users.Single(u => Hash(u.Email, salt) == hash);
        return new ExpectedBadge(definition, learner.IdNumber, DateTimeOffset.Parse(credential.RootElement.GetProperty("awardedDate").GetString()!, CultureInfo.InvariantCulture));
    }

    private static string Hash(string email, string salt) =>
        "sha256$" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToLowerInvariant() + salt)));
}
