using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Rules;

/// <summary>What becomes of a credential when one that it rests on was revoked.</summary>
public sealed class TakenBackTests
{
    private const string Stack = "earn: { all: [{ credential: base }, { course: B }] }";

    [Theory]
    [InlineData("", HoldCauses.RevocationReview)]
    [InlineData("on_revoked: review\n", HoldCauses.RevocationReview)]
    [InlineData("on_revoked: revoke\n", HoldCauses.RevocationRequired)]
    [InlineData("on_revoked: keep\n", null)]
    public void A_stack_whose_credential_was_revoked_follows_its_policy(string policy, string? cause)
    {
        RuleBook book = Book.Of(("base", "earn: { course: A }"), ("top", policy + Stack));
        Person ada = Facts().Holding("base", "2024-05-02", state: IssuanceState.Revoked).Holding("top", "2024-06-02");
        string?[] asked = cause is null ? [] : [cause];
        book.Fallen(ada.History).Select(d => d.Cause).ShouldBe(asked);
        ada.Decide(book).OfType<Decision.Hold>().Select(d => (d.Definition, d.Cause)).ShouldBe(asked.Select(c => ("top", c!)));
    }

    [Fact]
    public void A_stack_that_another_way_fulfils_stays()
    {
        RuleBook book = Book.Of(("base", "earn: { course: A }"), ("other", "earn: { course: B }"), ("top", "earn: { any: [{ credential: base }, { credential: other }] }"));
        Person ada = Facts().Holding("base", "2024-05-02", state: IssuanceState.Revoked).Holding("other", "2024-06-02").Holding("top", "2024-05-02");
        book.Fallen(ada.History).ShouldBeEmpty();
    }

    [Fact]
    public void A_stack_that_never_rested_on_the_revoked_one_is_no_question()
    {
        RuleBook book = Book.Of(("base", "earn: { course: A }"), ("top", "earn: { all: [{ credential: base }, { course: Z }] }"));
        Person ada = Facts().Holding("base", "2024-05-02", state: IssuanceState.Revoked).Holding("top", "2024-05-02");
        book.Fallen(ada.History).ShouldBeEmpty("an earlier rule awarded it, and nothing of what earned it then is known to have gone");
    }

    [Fact]
    public void A_credential_for_each_completion_follows_the_one_that_its_rule_asks_for()
    {
        RuleBook book = Book.Of(("base", "earn: { course: A }"), ("top", "occurrence: each\n" + Stack));
        Person ada = Facts().Holding("base", "2024-05-02");
        string occurrence = ada.Decide(book).OfType<Decision.Issue>().Single(d => d.Definition == "top").Occurrence;
        Person ben = Facts().Holding("base", "2024-05-02", state: IssuanceState.Revoked).Holding("top", "2024-06-02", occurrence: occurrence);
        book.Fallen(ben.History).Single().Occurrence.ShouldBe(occurrence);
        book.StillEarns(ben.History, ben.Ledger[1].Key).ShouldBe(false);
        book.StillEarns(Facts().Holding("base", "2024-05-02").Holding("top", "2024-06-02", occurrence: occurrence).History, ben.Ledger[1].Key).ShouldBe(true);
    }

    [Fact]
    public void What_left_is_asked_about_when_the_credential_under_it_is_stopped_before_it_left()
    {
        RuleBook book = Book.Of(("base", "earn: { course: A }"), ("top", Stack));
        Completion gone = Person.Completion("A", "2024-05-02", status: CompletionStatus.Withdrawn);
        Person ada = new Person().With(gone, Person.Completion("B", "2024-06-02")).Holding("base", "2024-05-02", state: IssuanceState.Planned).Holding("top", "2024-06-02");
        PersonHistory history = ada.History with { Issuances = [.. ada.History.Issuances.Select(i => i with { Waits = i.State == IssuanceState.Planned })] };
        IReadOnlyList<Decision> decisions = book.Decide(history, [gone with { Status = CompletionStatus.Completed }, Person.Completion("B", "2024-06-02")], Person.Now);
        decisions.OfType<Decision.Hold>().Select(d => (d.Definition, d.Cause)).ShouldBe([("base", HoldCauses.NoLongerEarned), ("top", HoldCauses.RevocationReview)]);
    }

    private static Person Facts() => new Person().With(Person.Completion("A", "2024-05-02"), Person.Completion("B", "2024-06-02"));
}
