using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;
using CredSync.Issuers;

namespace CredSync.Host.Operations;

/// <summary>Where issuers stand.</summary>
internal sealed class IssuerDesk(ILedger ledger, OperatorLedger operators, IssuerRegistry adapters, ActiveConfiguration active)
{
    /// <summary>All configured issuers.</summary>
    public async Task<IReadOnlyList<IssuerView>> AllAsync(CancellationToken ct)
    {
        Dictionary<string, IssuerFigures> figures = (await operators.IssuersAsync(ct).ConfigureAwait(false)).ToDictionary(f => f.Issuer, StringComparer.Ordinal);
        ILookup<string, IssuanceCount> counts = (await ledger.CountIssuancesAsync(ct).ConfigureAwait(false)).ToLookup(c => c.Issuer, StringComparer.Ordinal);
        var views = new List<IssuerView>();
        foreach (IssuerDefinition issuer in active.Current.Issuers)
        {
            DateTimeOffset? lastIssued = await operators.LastIssuedAsync(issuer.Name, ct).ConfigureAwait(false);
            IssuerFigures? trouble = figures.GetValueOrDefault(issuer.Name);
            ICredentialIssuer? adapter = adapters.All.GetValueOrDefault(issuer.Name);
            long Count(IssuanceState state) => counts[issuer.Name].Where(c => c.State == state).Sum(c => (long)c.Count);
            views.Add(new IssuerView
            {
                Name = issuer.Name,
                Adapter = issuer.Adapter,
                Condition = trouble?.LastTrouble > (lastIssued ?? DateTimeOffset.MinValue) ? "failing" : lastIssued is null ? "never used" : "well",
                Issued = Count(IssuanceState.Issued),
                Planned = Count(IssuanceState.Planned),
                Sent = Count(IssuanceState.Sent),
                Failing = trouble?.Failing ?? 0,
                Waiting = trouble?.Waiting ?? 0,
                Refused = trouble?.Refused ?? 0,
                InDoubt = trouble?.InDoubt ?? 0,
                LastIssued = lastIssued,
                LastTrouble = trouble?.LastTrouble,
                NextAttempt = trouble?.NextAttempt,
                CanLookUp = adapter is ICredentialLookup,
                CanRevoke = adapter is ICredentialRevoker,
                RepeatsSafely = adapter?.Capabilities.RepeatsSafely ?? false,
                ConsentRequired = issuer.ConsentRequired,
            });
        }

        return views;
    }
}

/// <summary>Where an issuer stands.</summary>
internal sealed record IssuerView
{
    public required string Name { get; init; }

    public required string Adapter { get; init; }

    /// <summary><c>well</c>, <c>failing</c> (its last answer was a failure), or <c>never used</c>.</summary>
    public required string Condition { get; init; }

    public required long Issued { get; init; }

    public required long Planned { get; init; }

    public required long Sent { get; init; }

    /// <summary>All failures that are not settled.</summary>
    public required long Failing { get; init; }

    /// <summary>Of these, how many are tried again by themselves.</summary>
    public required long Waiting { get; init; }

    public required long Refused { get; init; }

    public required long InDoubt { get; init; }

    public DateTimeOffset? LastIssued { get; init; }

    public DateTimeOffset? LastTrouble { get; init; }

    /// <summary>When it is asked again by itself; null when nothing waits.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    public required bool CanLookUp { get; init; }

    public required bool CanRevoke { get; init; }

    public required bool RepeatsSafely { get; init; }

    public required bool ConsentRequired { get; init; }
}
