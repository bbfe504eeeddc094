using CredSync.Host.Ledger.Operators;
using CredSync.Issuers;

namespace CredSync.Host.Operations;

/// <summary>Compares what the ledger believes to be issued with what an issuer says.</summary>
internal sealed class Reconciliation(OperatorLedger ledger)
{
    private const int PageSize = 200;

    /// <summary>Asks an issuer about each of the ledger's issued credentials; changes nothing.</summary>
    /// <param name="name">The issuer's name.</param>
    /// <param name="issuer">The issuer, which can be asked.</param>
    /// <param name="most">How many to ask about at most.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ReconcileReport> CompareAsync(string name, ICredentialLookup issuer, long most, CancellationToken ct)
    {
        var differences = new List<ReconcileDifference>();
        long asked = 0;
        Guid? after = null;
        while (asked < most)
        {
            IReadOnlyList<IssuedLine> page = await ledger.IssuedAsync(name, after, (int)Math.Min(PageSize, most - asked), ct).ConfigureAwait(false);
            foreach (IssuedLine line in page)
            {
                asked++;
                if (await AskAsync(issuer, line, ct).ConfigureAwait(false) is { } difference)
                {
                    differences.Add(difference);
                }
            }

            if (page.Count == 0)
            {
                break;
            }

            after = page[^1].Id;
        }

        return new ReconcileReport(name, asked, differences);
    }

    private static async Task<ReconcileDifference?> AskAsync(ICredentialLookup issuer, IssuedLine line, CancellationToken ct)
    {
        try
        {
            IssuedCredential? there = await issuer.FindAsync(line.Request, ct).ConfigureAwait(false);
            return there is null ? new ReconcileDifference(line.Id, line.Definition, "missing-there", $"The ledger has {line.CredentialId}, and the issuer has none.")
                : there.CredentialId != line.CredentialId ? new ReconcileDifference(line.Id, line.Definition, "differs", $"The ledger has {line.CredentialId}, the issuer {there.CredentialId}.")
                : null;
        }
        catch (IssuerException e)
        {
            return new ReconcileDifference(line.Id, line.Definition, "cannot-say", e.Message);
        }
    }
}

/// <summary>What a comparison found.</summary>
internal sealed record ReconcileReport(string Issuer, long Asked, IReadOnlyList<ReconcileDifference> Differences);

/// <summary>One difference.</summary>
/// <param name="Issuance">The issuance.</param>
/// <param name="Definition">Its credential.</param>
/// <param name="Kind"><c>missing-there</c>, <c>differs</c> or <c>cannot-say</c>.</param>
/// <param name="Sentence">What was found.</param>
internal sealed record ReconcileDifference(Guid Issuance, string Definition, string Kind, string Sentence);
