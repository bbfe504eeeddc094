using CredSync.Issuers;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>What a host keeps for an issuer, in memory.</summary>
internal sealed class Records : IIssuerRecords
{
    public Dictionary<string, KeptDocument> Documents { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, KeptCredential> Credentials { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, CredentialFacts> Definitions { get; } = new(StringComparer.Ordinal);

    public List<long> Revoked { get; } = [];

    public long Next { get; set; }

    public int Kept { get; private set; }

    public Task<KeptDocument?> DocumentAsync(string path, CancellationToken ct) => Task.FromResult(Documents.GetValueOrDefault(path));

    public Task KeepAsync(string path, KeptDocument document, CancellationToken ct)
    {
        Kept++;
        Documents[path] = document;
        return Task.CompletedTask;
    }

    public Task<KeptCredential?> CredentialAsync(string credentialId, CancellationToken ct) => Task.FromResult(Credentials.GetValueOrDefault(credentialId));

    public Task<StatusNumbers> StatusNumbersAsync(CancellationToken ct) => Task.FromResult(new StatusNumbers(Next, [.. Revoked.Order()]));

    public List<(Guid Issuance, ReadOnlyMemory<byte> Entry)> Waiting { get; } = [];

    public List<(Guid Issuance, ReadOnlyMemory<byte> Entry)> Log { get; } = [];

    public Task<long> SequenceLogAsync(CancellationToken ct)
    {
        Log.AddRange(Waiting);
        Waiting.Clear();
        return Task.FromResult((long)Log.Count);
    }

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> LogEntriesAsync(long from, int count, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([.. Log.Skip((int)from).Take(count).Select(e => e.Entry)]);

    public Task<long?> LogPositionAsync(Guid issuance, CancellationToken ct) => Task.FromResult<long?>(Log.FindIndex(e => e.Issuance == issuance) is >= 0 and var at ? at : null);

    public CredentialFacts? Definition(string id) => Definitions.GetValueOrDefault(id);
}
