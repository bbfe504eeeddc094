using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.RuleBooks;

/// <summary>Keeps in the ledger which rule books decided, each with its first use.</summary>
internal sealed class RuleBookRecord(ILedger ledger)
{
    private string? recorded;

    /// <summary>A rule book is about to decide.</summary>
    public async Task UseAsync(RuleBook ruleBook, CancellationToken ct)
    {
        if (Volatile.Read(ref recorded) != ruleBook.Revision)
        {
            await ledger.UseRuleBookAsync(ruleBook.Revision, ruleBook.Definitions.Count, ct).ConfigureAwait(false);
            Volatile.Write(ref recorded, ruleBook.Revision);
        }
    }
}
