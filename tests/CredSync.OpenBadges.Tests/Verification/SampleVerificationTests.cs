using CredSync.OpenBadges.Verification;

namespace CredSync.OpenBadges.Tests.Verification;

/// <summary>The samples with which 1EdTech tests its public validator.</summary>
public sealed class SampleVerificationTests
{
    private const string Folder = "1edtech-validator-samples/";

    // The samples' https issuers do not exist: their keys are the fragments of their names, which 1EdTech's validator accepts.
    private static readonly CredentialVerifier Verifier = new(FixedClock.At("2026-06-01T00:00:00Z"), new() { AcceptUnpublishedKeys = true });

    [Theory]
    [InlineData("context", CheckNames.Context)]
    [InlineData("type", CheckNames.Types)]
    [InlineData("issuer", CheckNames.Schema)]
    [InlineData("issuer-type", CheckNames.Types)]
    [InlineData("issuer-otheridentifier-type", CheckNames.Types)]
    [InlineData("issuer-parentorg-type", CheckNames.Types)]
    [InlineData("evidence-type", CheckNames.Types)]
    [InlineData("credential-subject-type", CheckNames.Types)]
    [InlineData("credential-subject-identifier-type", CheckNames.Types)]
    [InlineData("credential-subject-profile-type", CheckNames.Types)]
    [InlineData("credential-subject-result-type", CheckNames.Types)]
    [InlineData("credential-subject-achievement-result-description-type", CheckNames.Types)]
    [InlineData("expired", CheckNames.Dates)]
    [InlineData("issued", CheckNames.Dates)]
    [InlineData("proof-method", CheckNames.Proof)]
    [InlineData("proof-method-no-scheme", CheckNames.Proof)]
    [InlineData("proof-method-unknown-scheme", CheckNames.Proof)]
    [InlineData("proof-method-unknown-did-method", CheckNames.Proof)]
    [InlineData("proof-value", CheckNames.Proof)]
    public async Task A_faulty_sample_fails_the_check_that_it_is_about(string sample, string check)
    {
        VerificationReport report = await VerifyAsync($"ob30/simple-err-{sample}.json");
        report.Verdict.ShouldBe(Verdict.Refused);
        report[check].Outcome.ShouldBe(VerificationOutcome.Failed);
    }

    [Fact]
    public async Task No_faulty_sample_is_left_out_and_none_verifies()
    {
        string[] faulty = [.. Directory.EnumerateFiles(Path.Combine(Vectors.Folder, Folder), "*err*", SearchOption.AllDirectories).Select(Path.GetFileName).OfType<string>()];
        faulty.Length.ShouldBe(20);
        foreach (string sample in faulty)
        {
            (await VerifyAsync($"ob30/{sample}")).Verdict.ShouldBe(Verdict.Refused, sample);
        }

        // An endorsement of the first data model: what its name complains about cannot be fetched, but its contexts are not those of version 3.
        (await VerifyAsync("ob30/endorsement-err-schema-status-refresh.json"))[CheckNames.Context].Outcome.ShouldBe(VerificationOutcome.Failed);
    }

    [Fact]
    public async Task A_sample_without_a_proof_fails_the_proof()
    {
        VerificationReport report = await VerifyAsync("ob30/simple-noproof.json");
        report[CheckNames.Proof].Outcome.ShouldBe(VerificationOutcome.Failed);
        report[CheckNames.Key].Outcome.ShouldBe(VerificationOutcome.NotChecked);
    }

    [Theory]
    [InlineData("ob30/simple.json", CredentialContainer.Json)]
    [InlineData("ob30/simple-did-web-method.json", CredentialContainer.Json)]
    [InlineData("ob30/simple-multiple-proofs.json", CredentialContainer.Json)]
    [InlineData("ob30/simple-json.png", CredentialContainer.Png)]
    [InlineData("ob30/simple-json.svg", CredentialContainer.Svg)]
    [InlineData("ob30/simple-jwt.png", CredentialContainer.Png)]
    [InlineData("ob30/simple-jwt.svg", CredentialContainer.Svg)]
    [InlineData("ob30/endorsement-valid.json", CredentialContainer.Json)]
    [InlineData("clr20/simple.json", CredentialContainer.Json)]
    public async Task A_valid_sample_verifies(string sample, CredentialContainer container)
    {
        VerificationReport report = await VerifyAsync(sample);
        report.Checks.ShouldAllBe(static c => c.Outcome == VerificationOutcome.Passed);
        report.Verdict.ShouldBe(Verdict.Verified);
        report.Container.ShouldBe(container);
    }

    [Fact]
    public async Task Without_accepting_unpublished_keys_the_same_sample_stays_undecided()
    {
        var strict = new CredentialVerifier(FixedClock.At("2026-06-01T00:00:00Z"));
        VerificationReport report = await strict.VerifyAsync(Vectors.Bytes(Folder + "ob30/simple-jwt.png"), TestContext.Current.CancellationToken);
        report.Verdict.ShouldBe(Verdict.Undecided);
        report[CheckNames.Proof].Outcome.ShouldBe(VerificationOutcome.Passed);
        report[CheckNames.Key].Outcome.ShouldBe(VerificationOutcome.NotChecked);
    }

    [Theory]
    [InlineData("ob30/bit-string-list/credential-status-revoked.json")]
    [InlineData("ob30/bit-string-list/credential-status-revoked-blank-nodes.json")]
    public async Task A_revoked_sample_is_told_by_its_list(string sample)
    {
        const string List = "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/refs/heads/main/inspector-vc/src/test/resources/ob30/bit-string-list/testlist";
        var verifier = new CredentialVerifier(FixedClock.At("2026-06-01T00:00:00Z"), new()
        {
            AcceptUnpublishedKeys = true,
            Documents = new GivenDocuments([new(new Uri(List), Vectors.Bytes(Folder + "ob30/bit-string-list/testlist"))]),
        });
        VerificationReport report = await verifier.VerifyAsync(Vectors.Bytes(Folder + sample), TestContext.Current.CancellationToken);
        report[CheckNames.Status].ShouldBe(new(CheckNames.Status, VerificationOutcome.Failed, "The credential was revoked."));
        report.Checks.Where(static c => c.Outcome != VerificationOutcome.Passed).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_complete_sample_lacks_only_what_must_be_fetched()
    {
        VerificationReport report = await VerifyAsync("ob30/complete.json");
        report[CheckNames.Proof].Outcome.ShouldBe(VerificationOutcome.Passed);
        report[CheckNames.Schema].Outcome.ShouldBe(VerificationOutcome.Passed);
        report[CheckNames.Status].Outcome.ShouldBe(VerificationOutcome.NotChecked);
    }

    private static Task<VerificationReport> VerifyAsync(string sample) => Verifier.VerifyAsync(Vectors.Bytes(Folder + sample), TestContext.Current.CancellationToken);
}
