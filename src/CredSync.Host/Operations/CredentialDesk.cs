using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;

namespace CredSync.Host.Operations;

/// <summary>What may be awarded, and how often it was.</summary>
internal sealed class CredentialDesk(ILedger ledger, OperatorLedger operators, ActiveConfiguration active, TimeProvider time)
{
    /// <summary>How far ahead an expiry counts as soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    /// <summary>All credentials of the rule book in force.</summary>
    public async Task<IReadOnlyList<CredentialView>> AllAsync(CancellationToken ct)
    {
        ILookup<string, IssuanceCount> counts = (await ledger.CountIssuancesAsync(ct).ConfigureAwait(false)).ToLookup(c => c.Definition, StringComparer.Ordinal);
        IReadOnlyDictionary<string, long> expiring = await operators.ExpiringAsync(time.GetUtcNow() + Soon, ct).ConfigureAwait(false);
        return [.. active.Current.RuleBook.Definitions.Select(d => View(d, Tree(d.Id), counts[d.Id], expiring.GetValueOrDefault(d.Id)))];
    }

    /// <summary>One credential; null when the rule book in force has none of this name.</summary>
    public async Task<CredentialView?> OneAsync(string id, CancellationToken ct) => (await AllAsync(ct).ConfigureAwait(false)).FirstOrDefault(c => c.Id == id);

    // How the rule explains itself to somebody who has done nothing yet.
    private RuleTrace Tree(string credential) =>
        active.Current.RuleBook.Explain(new PersonHistory { Subject = Guid.Empty, Completions = [], Issuances = [] }, credential, time.GetUtcNow())[^1].Trace;

    private static CredentialView View(CredentialDefinition definition, RuleTrace rule, IEnumerable<IssuanceCount> counts, long expiring)
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
            Rule = RuleLine.Of(rule),
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
}

/// <summary>A node of a rule in words.</summary>
internal sealed record RuleLine(string Node, IReadOnlyList<RuleLine> Children)
{
    public static RuleLine Of(RuleTrace rule) => new(rule.Node, [.. rule.Children.Select(Of)]);
}
