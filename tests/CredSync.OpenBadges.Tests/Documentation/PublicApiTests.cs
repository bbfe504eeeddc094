using CredSync.OpenBadges.Model;
using PublicApiGenerator;

namespace CredSync.OpenBadges.Tests.Documentation;

/// <summary>What others compile against does not change unseen.</summary>
public sealed class PublicApiTests
{
    // To accept a change on purpose, copy the received file over the approved one; the diff is then part of the review.
    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        string approved = Path.Combine(Repository.Folder, "tests", "CredSync.OpenBadges.Tests", "Documentation", "CredSync.OpenBadges.approved.txt");
        string received = typeof(AchievementCredential).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");
        string receivedFile = Path.Combine(AppContext.BaseDirectory, "CredSync.OpenBadges.received.txt");
        File.WriteAllText(receivedFile, received);
        received.ShouldBe(
            File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "",
            $"The public surface changed; when that is meant, copy {receivedFile} over the approved file.");
    }
}
