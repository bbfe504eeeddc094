using CredSync.Core.Configuration;
using CredSync.Core.Issuance;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.RuleBooks;
using CredSync.Issuers;

namespace CredSync.Host.Operations;

/// <summary>Where issuers stand.</summary>
internal sealed class IssuerDesk(LedgerFigures figures, OperatorLedger operators, IssuerRegistry adapters, ActiveConfiguration active, TokenDesk tokens)
{
    /// <summary>All configured issuers.</summary>
    public async Task<IReadOnlyList<IssuerView>> AllAsync(CancellationToken ct) => await AllAsync((await figures.IssuancesAsync(ct).ConfigureAwait(false)).Counts, ct).ConfigureAwait(false);

    /// <summary>The same before what was issued and is on its way was counted: these are 0.</summary>
    public Task<IReadOnlyList<IssuerView>> UncountedAsync(CancellationToken ct) => AllAsync([], ct);

    private async Task<IReadOnlyList<IssuerView>> AllAsync(IReadOnlyList<IssuanceCount> all, CancellationToken ct)
    {
        Dictionary<string, IssuerFigures> troubles = (await operators.IssuersAsync(ct).ConfigureAwait(false)).ToDictionary(f => f.Issuer, StringComparer.Ordinal);
        ILookup<string, IssuanceCount> counts = all.ToLookup(c => c.Issuer, StringComparer.Ordinal);
        Dictionary<string, TokenView> ends = tokens.All().Where(t => t.Kind == "issuer").ToDictionary(t => t.Name, StringComparer.Ordinal);
        var views = new List<IssuerView>();
        foreach (IssuerDefinition issuer in active.Current.Issuers)
        {
            DateTimeOffset? lastIssued = await operators.LastIssuedAsync(issuer.Name, ct).ConfigureAwait(false);
            IssuerFigures? trouble = troubles.GetValueOrDefault(issuer.Name);
            ICredentialIssuer? adapter = adapters.All.GetValueOrDefault(issuer.Name);
            long Count(IssuanceState state) => counts[issuer.Name].Where(c => c.State == state).Sum(c => (long)c.Count);
            views.Add(new IssuerView
            {
                Name = issuer.Name,
                Adapter = issuer.Adapter,
                Condition = adapter is null ? "restart" : trouble?.LastTrouble > (lastIssued ?? DateTimeOffset.MinValue) ? "failing" : lastIssued is null ? "never used" : "well",
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
                Breaker = trouble is not { Waiting: > 0 } || !(trouble.LastTrouble > (lastIssued ?? DateTimeOffset.MinValue)) ? "closed"
                    : trouble.LeftAlone > (lastIssued ?? DateTimeOffset.MinValue) ? "open" : "trying",
                TokenEnds = ends.GetValueOrDefault(issuer.Name),
                ReconciledBy = adapter is null ? "" : Jobs.ReconcileWork.WayOf(adapter),
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

    /// <summary><c>well</c>, <c>failing</c> (its last answer was a failure), <c>never used</c>, or <c>restart</c> (added while this worker ran: it is used when the worker was started again).</summary>
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

    /// <summary>
    /// <c>closed</c>: it is asked as work comes. <c>trying</c>: its last answer was a failure, and what waits is tried again by itself. <c>open</c>: it failed so often
    /// that it is left alone until <see cref="NextAttempt"/>.
    /// </summary>
    public required string Breaker { get; init; }

    /// <summary>When its token ends; null when the configuration does not say.</summary>
    public TokenView? TokenEnds { get; init; }

    /// <summary>How the ledger is compared with it, in words.</summary>
    public required string ReconciledBy { get; init; }

    public required bool CanLookUp { get; init; }

    public required bool CanRevoke { get; init; }

    public required bool RepeatsSafely { get; init; }

    public required bool ConsentRequired { get; init; }
}
