using CredSync.Host.Ledger;
using CredSync.Sources;

namespace CredSync.Host.Intake;

/// <summary>What the ledger knows of a source, for its adapter.</summary>
internal sealed class LedgerKnowledge(ISourceLedger ledger, string source) : IKnownCompletions
{
    public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => ledger.KnownOfCourseAsync(source, courseKey, ct);
}
