using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Rules;

namespace CredSync.Core.Tests.Rules;

/// <summary>A ledger of one person as intake keeps it: completions come in pages, lines wait until they are told to leave.</summary>
internal sealed class Follower(RuleBook rules)
{
    private readonly List<Completion> completions = [];
    private readonly List<HeldIssuance> lines = [];

    /// <summary>The rule book in force.</summary>
    public RuleBook Rules { get; set; } = rules;

    /// <summary>What the directory says.</summary>
    public IReadOnlyList<ConsentFact> Consents { get; set; } = [];

    public PersonHistory History => new() { Subject = Guid.Empty, Completions = [.. completions], Issuances = [.. lines], Consents = Consents };

    public IEnumerable<HeldIssuance> Planned => lines.Where(l => l.State == IssuanceState.Planned);

    /// <summary>Every line: its name, where it stands, its cause and its date.</summary>
    public string[] Lines =>
    [
        .. lines.Select(l => string.Join(' ', new[] { $"{l.Key.Definition}/{l.Key.Occurrence}", $"{l.State}", l.Cause, l.EarnedAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }.Where(w => w is not null)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Lines that are not set aside, with every digit of their dates.</summary>
    public string[] Standing =>
    [
        .. lines.Where(l => l.Cause != HoldCauses.NoLongerEarned).Select(l => $"{l.Key.Definition}/{l.Key.Occurrence} {l.State} {l.Cause} {l.EarnedAt:O} {l.ExpiresAt:O}").Order(StringComparer.Ordinal),
    ];

    public void Read(params Completion[] page)
    {
        Completion[] before = [.. completions];
        foreach (Completion fact in page)
        {
            Keep(completions, fact);
        }

        PersonHistory history = new() { Subject = Guid.Empty, Completions = [.. completions], Issuances = [.. lines], Consents = Consents };
        foreach (Decision decision in Rules.WithoutHistory(Rules.Decide(history, before, Person.Now), history, before, Person.Now))
        {
            Put(decision);
        }
    }

    /// <summary>Everything that is planned goes out and is issued.</summary>
    public void Leave()
    {
        for (int i = 0; i < lines.Count; i++)
        {
            lines[i] = lines[i].State == IssuanceState.Planned ? lines[i] with { State = IssuanceState.Issued, Waits = false } : lines[i];
        }
    }

    /// <summary>Somebody approves everything that waits for it.</summary>
    public void Approve()
    {
        for (int i = 0; i < lines.Count; i++)
        {
            lines[i] = lines[i].Cause == HoldCauses.Approval ? lines[i] with { State = IssuanceState.Planned, Cause = null } : lines[i];
        }
    }

    /// <summary>Keeps a completion as intake does: a new one beside the others, another telling of a known one in its place.</summary>
    public static void Keep(List<Completion> completions, Completion fact)
    {
        int known = completions.FindIndex(c => c.Key == fact.Key);
        switch (CompletionRevision.Merge(known < 0 ? null : completions[known], fact))
        {
            case CompletionChange.New added:
                completions.Add(added.Completion);
                break;
            case CompletionChange.Revised revised:
                completions[known] = revised.Merged;
                break;
        }
    }

    // As the ledgers write: a line that exists is changed when it is held, or when the decision says that it takes its place.
    private void Put(Decision decision)
    {
        HeldIssuance? line = decision switch
        {
            Decision.Issue i => new HeldIssuance(new IssuanceKey(i.Definition, Guid.Empty, i.Occurrence), IssuanceState.Planned, i.Award.EarnedAt, i.Award.ExpiresAt) { Waits = true },
            Decision.Hold h when !HoldCauses.IsReview(h.Cause) =>
                new HeldIssuance(new IssuanceKey(h.Definition, Guid.Empty, h.Occurrence), IssuanceState.Held, h.Award?.EarnedAt, h.Award?.ExpiresAt) { Cause = h.Cause, Waits = true },
            _ => null,
        };
        if (line is not { } issuance)
        {
            return;
        }

        int at = lines.FindIndex(l => l.Key == issuance.Key);
        if (at < 0)
        {
            decision.Revises.ShouldBeFalse($"{issuance.Key} is not there to be revised");
            lines.Add(issuance);
        }
        else if (decision.Revises)
        {
            lines[at].Waits.ShouldBeTrue($"{issuance.Key} has left");
            lines[at] = issuance;
        }
        else if (lines[at].State == IssuanceState.Held)
        {
            lines[at] = issuance;
        }
        else
        {
            (decision is Decision.Hold { Cause: HoldCauses.ConsentMissing }).ShouldBeTrue($"{issuance.Key} was decided twice");
            lines[at] = issuance;
        }
    }
}
