using CredSync.Adapters.Tests.Issuers;
using CredSync.Conformance;
using CredSync.Conformance.Issuers;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>The kit's own test: a sound issuer passes, and each broken one is caught by exactly the case that is about its defect.</summary>
public sealed class IssuerConformanceTests
{
    private const string Blind = "what is in doubt can be settled";

    private static readonly Dictionary<IssuerDefect, string> CaughtBy = new()
    {
        [IssuerDefect.AnswersWithAnUnusableAddress] = "what is minted is named",
        [IssuerDefect.FindsUnderAnotherId] = "the same key twice mints once",
        [IssuerDefect.TakesTwoPeopleForOne] = "two people get two credentials",
        [IssuerDefect.SendsTheTimeOfProcessing] = "the earned date arrives",
        [IssuerDefect.FindsAnything] = "a look-up finds nothing that was not minted",
        [IssuerDefect.DuplicatesAreFailures] = "a duplicate that is ours is a success",
        [IssuerDefect.RevokesOnlyOnce] = "revoking is idempotent",
        [IssuerDefect.InventsAnAddress] = "a missing address is told as such",
        [IssuerDefect.GuessesATemplate] = "a missing template is told as such",
        [IssuerDefect.RepeatsSilentMints] = "a crash between mint and answer is settled by look-up",
        [IssuerDefect.TellsSilenceAsAnOutage] = "in doubt is reported, not guessed",
        [IssuerDefect.FailedLookupIsEmpty] = "a failed look-up is not an empty one",
        [IssuerDefect.IgnoresCancellation] = "cancelling ends the call",
        [IssuerDefect.RefusedTokenAsOutage] = "401 is Unauthorized",
        [IssuerDefect.MissingRightsAsOutage] = "403 is Misconfigured",
        [IssuerDefect.UnreachableIsInDoubt] = "an issuer that cannot be reached is an Outage",
        [IssuerDefect.TakesAPageForACredential] = "a web page instead of data is no credential",
        [IssuerDefect.ForgetsTheDelay] = "429 carries its delay",
        [IssuerDefect.CheckThrows] = "a failed check is a result",
        [IssuerDefect.PersonInTheAddress] = "no secret and no person is in an address",
        [IssuerDefect.QuotesBodies] = "no personal data and no secret is in a fault",
    };

    public static TheoryData<IssuerDefect> Defects => new(Enum.GetValues<IssuerDefect>());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task Each_defect_is_caught_by_exactly_the_case_that_is_about_it(IssuerDefect defect)
    {
        string[] expected = CaughtBy.TryGetValue(defect, out string? name) ? [name] : [];
        (await Failing(Setup(defect))).ShouldBe(expected);
    }

    [Fact]
    public async Task Every_case_has_a_broken_issuer_that_it_catches()
    {
        HashSet<string> caught = [.. CaughtBy.Values];
        foreach (Type options in (Type[])[typeof(UndescribedOptions), typeof(RefusedDefaultOptions)])
        {
            caught.Add((await Failing(Setup(IssuerDefect.None) with { OptionsType = options })).ShouldHaveSingleItem());
        }

        // Without a look-up the issuer's own guard still keeps the key single, so only the case about the look-up itself is broken.
        caught.Add(Blind);
        IssuerConformance.For(Setup(IssuerDefect.None)).Select(c => c.Name).Order().ShouldBe(caught.Order());
    }

    [Fact]
    public async Task An_issuer_that_can_neither_be_asked_nor_asked_again_is_caught()
    {
        List<string> failing = await Failing(Setup(IssuerDefect.None) with { Create = platform => new BlindIssuer(new KitIssuer(platform, IssuerDefect.None)) });
        failing.ShouldBe([Blind]);
    }

    [Fact]
    public void Cases_say_why_and_their_names_are_unique()
    {
        IReadOnlyList<ConformanceCase> cases = IssuerConformance.For(Setup(IssuerDefect.None));
        cases.Select(c => c.Name).ShouldBeUnique();
        cases.ShouldAllBe(c => c.Why.EndsWith('.') && c.ToString() == c.Name);
    }

    [Fact]
    public void Cases_about_http_are_left_out_for_an_issuer_without_it() =>
        IssuerConformance.For(Setup(IssuerDefect.None) with { SpeaksHttp = false }).ShouldNotContain(c => c.Name == "401 is Unauthorized");

    [Fact]
    public void A_request_without_a_person_proves_nothing() => Should.Throw<ArgumentException>(() => IssuerConformance.For(
        Setup(IssuerDefect.None) with { Request = RemoteRequests.For("t") with { Recipient = new() { SubjectId = Guid.Empty } } }));

    private static IssuerUnderTest Setup(IssuerDefect defect) => new()
    {
        Create = platform => new KitIssuer(platform, defect),
        Platform = () => new KitIssuerPlatform().Seen,
        Request = RemoteRequests.For("kit-template"),
        OptionsType = typeof(KitOptions),
        Secrets = [KitIssuerPlatform.Token],
    };

    private static async Task<List<string>> Failing(IssuerUnderTest issuer)
    {
        List<string> failing = [];
        foreach (ConformanceCase conformance in IssuerConformance.For(issuer))
        {
            try
            {
                await conformance.RunAsync(Ct);
            }
            catch (ConformanceException)
            {
                failing.Add(conformance.Name);
            }
        }

        return failing;
    }
}
