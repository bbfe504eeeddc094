using CredSync.Host.Ledger;
using CredSync.Sources;

namespace CredSync.Host.Intake;

/// <summary>What the ledger knows of a source, for its adapter.</summary>
internal sealed class LedgerKnowledge(ISourceLedger ledger, string source) : IKnownCompletions
{
    public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => ledger.KnownOfCourseAsync(source, courseKey, ct);

    public async Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) =>
        naturalKeys.Count == 0 ? [] : await ledger.KnownOfKeysAsync(source, naturalKeys, ct).ConfigureAwait(false);
}
