using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Rules;

/// <summary>A person of a test: completions are added, decisions are taken and kept as the ledger keeps them.</summary>
internal sealed class Person
{
    public static readonly DateTimeOffset Now = Day("2026-06-01");

    private readonly List<Completion> completions = [];
    private readonly List<HeldIssuance> issuances = [];

    public Guid Subject { get; } = NameBasedUuid.Create(Guid.Empty, "ada");

    public PersonHistory History => new() { Subject = Subject, Completions = [.. completions], Issuances = [.. issuances] };

    public IReadOnlyList<HeldIssuance> Ledger => issuances;

    public static DateTimeOffset Day(string date) =>
        DateTimeOffset.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public static Completion Completion(
        string course, string? day, decimal? score = null, string source = "moodle", int attempt = 1, bool? passed = null, bool? consent = null,
        CompletionStatus status = CompletionStatus.Completed, string? run = null, TimePrecision precision = TimePrecision.Instant) => new()
        {
            Key = new CompletionKey(source, $"7|{course}|{run}|{attempt}"),
            Identifiers = [new PersonIdentifier(IdentifierKinds.LmsUserId, "7")],
            Course = new Course { Key = course, Run = run },
            Status = status,
            CompletedAt = day is null ? null : Day(day),
            CompletedAtPrecision = precision,
            Score = score is null ? null : new Score { Scaled = score },
            Passed = passed,
            ConsentGiven = consent,
        };

    public Person With(params Completion[] more)
    {
        completions.AddRange(more);
        return this;
    }

    public Person Holding(string definition, string earned, string? expires = null, IssuanceState state = IssuanceState.Issued, string occurrence = "once", string? cause = null)
    {
        issuances.Add(new HeldIssuance(new IssuanceKey(definition, Subject, occurrence), state, Day(earned), expires is null ? null : Day(expires)) { Cause = cause });
        return this;
    }

    public Person Replace(Completion completion)
    {
        completions[completions.FindIndex(c => c.Key == completion.Key)] = completion;
        return this;
    }

    public IReadOnlyList<Decision> Decide(RuleBook book, DateTimeOffset? now = null) => book.Decide(History, now ?? Now);

    /// <summary>Decides, and keeps what is issued as issued and what is held as held.</summary>
    public IReadOnlyList<Decision> Settle(RuleBook book, DateTimeOffset? now = null)
    {
        IReadOnlyList<Decision> decisions = Decide(book, now);
        foreach (Decision decision in decisions)
        {
            switch (decision)
            {
                case Decision.Issue issue:
                    Put(new HeldIssuance(new IssuanceKey(issue.Definition, Subject, issue.Occurrence), IssuanceState.Issued, issue.Award.EarnedAt, issue.Award.ExpiresAt));
                    break;
                case Decision.Hold hold:
                    Put(new HeldIssuance(new IssuanceKey(hold.Definition, Subject, hold.Occurrence), IssuanceState.Held, hold.Award?.EarnedAt, hold.Award?.ExpiresAt) { Cause = hold.Cause });
                    break;
            }
        }

        return decisions;
    }

    private void Put(HeldIssuance issuance)
    {
        int at = issuances.FindIndex(i => i.Key == issuance.Key);
        if (at < 0)
        {
            issuances.Add(issuance);
        }
        else if (issuances[at].State == IssuanceState.Held)
        {
            issuances[at] = issuance;
        }
    }
}
