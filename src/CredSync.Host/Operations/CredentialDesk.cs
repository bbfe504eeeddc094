using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations;

/// <summary>What may be awarded, and how often it was.</summary>
internal sealed class CredentialDesk(LedgerFigures figures, OperatorLedger operators, ActiveConfiguration active, TimeProvider time)
{
    private const int Sample = 500;

    /// <summary>All credentials of the rule book in force.</summary>
    public async Task<IReadOnlyList<CredentialView>> AllAsync(CancellationToken ct)
    {
        (ILookup<string, IssuanceCount> counts, IReadOnlyDictionary<string, long> expiring, DateTimeOffset at) = await FiguresAsync(ct).ConfigureAwait(false);
        return [.. active.Current.RuleBook.Definitions.Select(d => View(d, Tree(d.Id), counts[d.Id], expiring.GetValueOrDefault(d.Id), at))];
    }

    /// <summary>All credentials, or one, of the rule book in force before anything was counted: every count is 0 and <see cref="CredentialView.At"/> null.</summary>
    public IReadOnlyList<CredentialView> Uncounted(string? id = null) => [.. active.Current.RuleBook.Definitions.Where(d => id is null || d.Id == id).Select(d => View(d, Tree(d.Id), [], 0, null))];

    /// <summary>One credential with how often each part of its rule was met; null when the rule book in force has none of this name.</summary>
    public async Task<CredentialView?> OneAsync(string id, CancellationToken ct)
    {
        if (active.Current.RuleBook.Find(id) is not { } definition)
        {
            return null;
        }

        (ILookup<string, IssuanceCount> counts, IReadOnlyDictionary<string, long> expiring, DateTimeOffset at) = await FiguresAsync(ct).ConfigureAwait(false);
        RuleTrace tree = Tree(id);
        IReadOnlyList<RuleTrace> awards = await operators.TracesAsync(id, Sample, ct).ConfigureAwait(false);
        return View(definition, tree, counts[id], expiring.GetValueOrDefault(id), at) with
        {
            Rule = RuleLine.Of(tree, [.. awards.Where(a => IsSameRule(a, tree))]),
            PerDay = await operators.AwardsPerDayAsync(id, time.GetUtcNow().AddDays(-30), ct).ConfigureAwait(false),
        };
    }

    // Awards under an older rule say nothing about the parts of this one.
    private static bool IsSameRule(RuleTrace award, RuleTrace rule) => award.Node == rule.Node && award.Children.Count == rule.Children.Count && award.Children.Zip(rule.Children, IsSameRule).All(same => same);

    private async Task<(ILookup<string, IssuanceCount> Counts, IReadOnlyDictionary<string, long> Expiring, DateTimeOffset At)> FiguresAsync(CancellationToken ct)
    {
        (IReadOnlyList<IssuanceCount> counts, DateTimeOffset at) = await figures.IssuancesAsync(ct).ConfigureAwait(false);
        return (counts.ToLookup(c => c.Definition, StringComparer.Ordinal), await figures.ExpiringAsync(ct).ConfigureAwait(false), at);
    }

    // How the rule explains itself to somebody who has done nothing yet.
    private RuleTrace Tree(string credential) =>
        active.Current.RuleBook.Explain(new PersonHistory { Subject = Guid.Empty, Completions = [], Issuances = [] }, credential, time.GetUtcNow())[^1].Trace;

    private static CredentialView View(CredentialDefinition definition, RuleTrace rule, IEnumerable<IssuanceCount> counts, long expiring, DateTimeOffset? at)
    {
        var byState = counts.GroupBy(c => c.State).ToDictionary(g => g.Key, g => g.Sum(c => (long)c.Count));
        return new CredentialView
        {
            Id = definition.Id,
            Name = definition.Name,
            Description = definition.Description,
            Issuers = [.. definition.Issuers.Select(i => i.Issuer).Distinct(StringComparer.Ordinal)],
            File = definition.Position.File,
            Issued = byState.GetValueOrDefault(IssuanceState.Issued),
            Planned = byState.GetValueOrDefault(IssuanceState.Planned),
            Sent = byState.GetValueOrDefault(IssuanceState.Sent),
            Held = byState.GetValueOrDefault(IssuanceState.Held),
            Refused = byState.GetValueOrDefault(IssuanceState.Refused),
            ExpiringSoon = expiring,
            Rule = RuleLine.Of(rule, []),
            At = at,
        };
    }
}

/// <summary>A credential and how often it was awarded.</summary>
internal sealed record CredentialView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyList<string> Issuers { get; init; }

    public required string File { get; init; }

    public required long Issued { get; init; }

    public required long Planned { get; init; }

    public required long Sent { get; init; }

    public required long Held { get; init; }

    public required long Refused { get; init; }

    public required long ExpiringSoon { get; init; }

    public required RuleLine Rule { get; init; }

    /// <summary>How many were decided on each of the last 30 days, UTC; only of one credential.</summary>
    public IReadOnlyList<DayCount> PerDay { get; init; } = [];

    /// <summary>When the counts were taken; null before they were.</summary>
    public required DateTimeOffset? At { get; init; }
}

/// <summary>A node of a rule in words.</summary>
/// <param name="Node">The node.</param>
/// <param name="Children">The nodes below it.</param>
internal sealed record RuleLine(string Node, IReadOnlyList<RuleLine> Children)
{
    /// <summary>In how many of the newest awards it was met; null when none was looked at.</summary>
    public int? Met { get; init; }

    /// <summary>How many of the newest awards were looked at.</summary>
    public int Awards { get; init; }

    /// <summary>Whether it is a leaf that was met in none of the newest awards.</summary>
    public bool NeverFires => Met == 0 && Children.Count == 0;

    public static RuleLine Of(RuleTrace rule, IReadOnlyList<RuleTrace> awards) => new(rule.Node, [.. rule.Children.Select((child, i) => Of(child, [.. awards.Select(a => a.Children[i])]))])
    {
        Met = awards.Count == 0 ? null : awards.Count(a => a.Met),
        Awards = awards.Count,
    };
}
