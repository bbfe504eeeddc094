using CredSync.Host.RuleBooks;
using CredSync.Issuers;

namespace CredSync.Host.Issue;

/// <summary>What is kept for one issuer, as its adapter sees it.</summary>
/// <param name="issuer">The issuer's name.</param>
/// <param name="store">What the issue side keeps.</param>
/// <param name="active">The rule book in force.</param>
internal sealed class IssuerRecords(string issuer, IIssuerStore store, ActiveConfiguration active) : IIssuerRecords
{
    public Task<KeptDocument?> DocumentAsync(string path, CancellationToken ct) => store.DocumentAsync(issuer, path, ct);

    public Task KeepAsync(string path, KeptDocument document, CancellationToken ct) => store.KeepAsync(issuer, path, document, ct);

    public Task<KeptCredential?> CredentialAsync(string credentialId, CancellationToken ct) => store.CredentialAsync(issuer, credentialId, ct);

    public Task<StatusNumbers> StatusNumbersAsync(CancellationToken ct) => store.StatusNumbersAsync(issuer, ct);

    public Task<long> SequenceLogAsync(CancellationToken ct) => store.SequenceLogAsync(issuer, ct);

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> LogEntriesAsync(long from, int count, CancellationToken ct) => store.LogEntriesAsync(issuer, from, count, ct);

    public Task<long?> LogPositionAsync(Guid issuance, CancellationToken ct) => store.LogPositionAsync(issuer, issuance, ct);

    public CredentialFacts? Definition(string id) => active.Current.RuleBook.Find(id)?.ToFacts(issuer);
}
