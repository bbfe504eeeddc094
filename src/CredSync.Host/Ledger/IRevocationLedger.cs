namespace CredSync.Host.Ledger;

/// <summary>
/// Credentials that are taken back: planned in a transaction of pages or acts, sent to their issuers as issuances are, closed with what the issuer answered.
/// One that is asked for while its credential has not been issued yet waits until it is.
/// </summary>
internal interface IRevocationLedger
{
    /// <summary>Claims planned revocations of issued credentials that are due, oldest first, for as long as the lease; a claim that is not marked sent lapses.</summary>
    Task<IReadOnlyList<ClaimedRevocation>> ClaimRevocationsAsync(int limit, TimeSpan lease, CancellationToken ct);

    /// <summary>Marks revocations as sent: the queue has confirmed them. One whose outcome came first stays as it is.</summary>
    Task MarkRevocationsSentAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct);

    /// <summary>Gives claims back that could not be published, so that they are due again at once.</summary>
    Task ReleaseRevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct);

    /// <summary>Plans again what was sent before a time and has no outcome. Revoking twice changes nothing.</summary>
    /// <returns>How many were planned again.</returns>
    Task<int> PlanUnansweredRevocationsAgainAsync(DateTimeOffset sentBefore, CancellationToken ct);

    /// <summary>
    /// Closes revocations. Repeating an outcome changes nothing, and a revoked credential never comes back. An issuer that revoked unasked is believed.
    /// </summary>
    Task CloseRevocationsAsync(IReadOnlyList<RevocationOutcome> outcomes, CancellationToken ct);

    /// <summary>How far revocations are, by issuance; nothing for one that nobody asked for.</summary>
    Task<IReadOnlyDictionary<Guid, RevocationLine>> RevocationsAsync(IReadOnlyCollection<Guid> issuances, CancellationToken ct);

    /// <summary>Revocations that their issuer did not do, oldest first.</summary>
    Task<IReadOnlyList<RevocationLine>> OpenRevocationsAsync(int limit, CancellationToken ct);

    /// <summary>Revoked credentials of which nobody has looked yet what rests on them, oldest first.</summary>
    Task<IReadOnlyList<RevokedCredential>> UnfollowedAsync(int limit, CancellationToken ct);

    /// <summary>Issuances whose credential exists or may exist and is not revoked, in the order of their ids.</summary>
    Task<IReadOnlyList<IssuanceLine>> RevocableAsync(RevocableFilter filter, CancellationToken ct);
}

/// <summary>What is asked of the ledger: take this credential back.</summary>
/// <param name="Issuance">The issuance.</param>
/// <param name="Reason">Why, in one sentence that may be published; no personal data.</param>
/// <param name="ByHand">True when it was revoked at its issuer by hand: only the ledger learns of it, and nothing is sent.</param>
internal sealed record RevocationRow(Guid Issuance, string Reason, bool ByHand = false);

/// <summary>A credential that was taken back.</summary>
/// <param name="Issuance">The issuance.</param>
/// <param name="Subject">Under whose id it stands.</param>
internal sealed record RevokedCredential(Guid Issuance, Guid Subject);

/// <summary>Which credentials are to be revoked; what is null is not asked for.</summary>
internal sealed record RevocableFilter(Guid? Issuance = null, Guid? Subject = null, string? Definition = null, string? Issuer = null, string? CredentialId = null);

/// <summary>Where a revocation stands.</summary>
internal enum RevocationState
{
    /// <summary>Asked for; waits to be published, or for its credential to be issued.</summary>
    Planned,

    /// <summary>The queue has it; no outcome yet.</summary>
    Sent,

    /// <summary>The issuer has confirmed it.</summary>
    Revoked,

    /// <summary>It waits for a person: the issuer cannot revoke, or it is not known whether it did.</summary>
    Held,

    /// <summary>The issuer refused it for good.</summary>
    Refused,
}

/// <summary>A planned revocation, claimed for publishing.</summary>
internal sealed record ClaimedRevocation(Guid Id, string Issuer, string CredentialId, string Reason, DateTimeOffset RevokedAt);

/// <summary>What became of a revocation.</summary>
internal sealed record RevocationOutcome
{
    public required Guid Id { get; init; }

    /// <summary>Any state but <see cref="RevocationState.Sent"/>; <see cref="RevocationState.Planned"/> for a later attempt.</summary>
    public required RevocationState State { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Not to be sent before; null at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public string? Cause { get; init; }

    public string? Sentence { get; init; }
}

/// <summary>A revocation as screens show it.</summary>
internal sealed record RevocationLine
{
    public required Guid Id { get; init; }

    public required string Definition { get; init; }

    public required string Issuer { get; init; }

    public required RevocationState State { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset RevokedAt { get; init; }

    public required int Attempts { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? OutcomeAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public string? Cause { get; init; }

    public string? Sentence { get; init; }
}
