using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>Reads whole histories of people.</summary>
internal static class SqliteHistories
{
    public static async Task<IReadOnlyList<PersonHistory>> OfAsync(SqliteConnection connection, SqliteTransaction? transaction, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        PersonTies ties = await SqliteTies.OfAsync(connection, transaction, subjects, ct).ConfigureAwait(false);
        var parameters = new { ids = LedgerJson.Write([.. ties.Members.Select(SqliteText.Of)]) };
        IEnumerable<(string Subject, string Payload)> completions = await connection.QueryAsync<(string, string)>(new CommandDefinition(
            "SELECT subject_id, payload FROM completions WHERE subject_id IN (SELECT value FROM json_each(@ids))", parameters, transaction, cancellationToken: ct)).ConfigureAwait(false);
        IEnumerable<(string Subject, string Definition, string Occurrence, string State, string? Earned, string? Expires, string? Cause, long Waits)> issuances = await connection.QueryAsync<(string, string, string, string, string?, string?, string?, long)>(new CommandDefinition(
            "SELECT subject_id, definition, occurrence, CASE WHEN revoked_at IS NULL THEN state ELSE 'Revoked' END, earned_at, expires_at, cause, state IN ('Planned', 'Held') AND sent_at IS NULL AND attempts = 0 FROM issuances WHERE subject_id IN (SELECT value FROM json_each(@ids))", parameters, transaction, cancellationToken: ct)).ConfigureAwait(false);
        ILookup<Guid, Completion> facts = completions.ToLookup(r => Root(r.Subject), r => LedgerJson.ReadCompletion(r.Payload));
        ILookup<Guid, HeldIssuance> held = issuances.ToLookup(
            r => Root(r.Subject),
            r => new HeldIssuance(
                new IssuanceKey(r.Definition, Guid.Parse(r.Subject, CultureInfo.InvariantCulture), r.Occurrence), Enum.Parse<IssuanceState>(r.State), SqliteText.TimeOrNull(r.Earned), SqliteText.TimeOrNull(r.Expires)) { Cause = r.Cause, Waits = r.Waits != 0 });
        return [.. ties.Roots.Select(s => new PersonHistory { Subject = s, Completions = [.. facts[s]], Issuances = [.. held[s]], Consents = ties.ConsentsOf(s) })];

        Guid Root(string subject) => ties.RootOf(Guid.Parse(subject, CultureInfo.InvariantCulture));
    }
}
