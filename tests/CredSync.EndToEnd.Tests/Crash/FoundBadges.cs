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
            using JsonDocument credential = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement subject = credential.RootElement.GetProperty("credentialSubject");
            JsonElement identity = subject.GetProperty("identifier")[0];
            string hash = identity.GetProperty("identityHash").GetString()!;
            string salt = identity.GetProperty("salt").GetString()!;
            MoodleUser learner = world.Users.Single(u => Hash(u.Email, salt) == hash);
            found.Add(new ExpectedBadge(
                Path.GetFileName(Path.GetDirectoryName(file))!, learner.IdNumber, DateTimeOffset.Parse(credential.RootElement.GetProperty("awardedDate").GetString()!, CultureInfo.InvariantCulture)));
        }

        return found;
    }

    private static string Hash(string email, string salt) =>
        "sha256$" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToLowerInvariant() + salt)));
}
