using System.Globalization;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Reads one of several parts of the tables from one block to the next: looking for the lines of one person after the other makes the server jump for each of them.</summary>
internal sealed class PostgresScan(NpgsqlConnection connection, NpgsqlTransaction transaction, TableBlocks blocks, int part, int parts, IHistorySink sink)
{
    /// <summary>How large the tables are at this moment.</summary>
    public static async Task<TableBlocks> MeasureAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct) =>
        (await new BulkCommand(
            connection, transaction,
            "SELECT pg_relation_size('people') / size, pg_relation_size('completions') / size, pg_relation_size('issuances') / size FROM (SELECT current_setting('block_size')::bigint AS size) AS block")
            .ReadAsync(r => new TableBlocks(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), ct).ConfigureAwait(false))[0];

    public async Task ReadAsync(CancellationToken ct)
    {
        await EachAsync(blocks.People, "SELECT t.subject_id FROM people AS t", "true", row => sink.AddPerson(row.GetGuid(0)), ct).ConfigureAwait(false);
        await EachAsync(
            blocks.Completions,
            "SELECT t.subject_id, t.payload::text FROM completions AS t",
            "t.subject_id IS NOT NULL",
            row =>
            {
                Guid subject = row.GetGuid(0);
                if (sink.Wants(subject))
                {
                    sink.AddCompletion(subject, row.GetFieldValue<byte[]>(1));
                }
            },
            ct).ConfigureAwait(false);
        await EachAsync(
            blocks.Issuances,
            """
            SELECT t.subject_id, t.definition, t.occurrence, CASE WHEN t.revoked_at IS NULL THEN t.state ELSE 'Revoked' END, t.cause, t.sent_at IS NULL AND t.attempts = 0,
                EXISTS (SELECT 1 FROM reviews AS r WHERE r.issuance_id = t.issuance_id), t.exact_dates, t.earned_at, t.expires_at, a.award ->> 'earnedAt', a.award ->> 'expiresAt'
            FROM issuances AS t LEFT JOIN issuance_awards AS a ON a.issuance_id = t.issuance_id AND NOT t.exact_dates
            """,
            "true",
            row =>
            {
                Guid subject = row.GetGuid(0);
                if (sink.Wants(subject))
                {
                    sink.AddIssuance(IssuanceOf(row, subject), row.GetBoolean(6));
                }
            },
            ct).ConfigureAwait(false);
    }

    private static HeldIssuance IssuanceOf(NpgsqlDataReader row, Guid subject)
    {
        IssuanceState state = Enum.Parse<IssuanceState>(row.GetString(3));
        bool isExact = row.GetBoolean(7);
        return new HeldIssuance(
            new IssuanceKey(row.GetString(1), subject, row.GetString(2)),
            state,
            isExact ? row.TimeOrNull(8) : PostgresLedger.ExactTime(row.Text(10)),
            isExact ? row.TimeOrNull(9) : PostgresLedger.ExactTime(row.Text(11)))
        {
            Cause = row.Text(4),
            Waits = state is IssuanceState.Planned or IssuanceState.Held && row.GetBoolean(5),
        };
    }

    // The last part has no end: the table may have grown since it was measured.
    private async Task EachAsync(long size, string select, string where, Action<NpgsqlDataReader> take, CancellationToken ct)
    {
        string until = part == parts - 1 ? "" : " AND t.ctid < @until::tid";
        await using var command = new NpgsqlCommand { Connection = connection, Transaction = transaction };
#pragma warning disable CA2100 // Made of constants of this file; values travel as parameters.
        command.CommandText = $"{select} WHERE {where} AND t.ctid >= @from::tid{until}";
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter<string>("from", First(size, part)));
        if (until.Length > 0)
        {
            command.Parameters.Add(new NpgsqlParameter<string>("until", First(size, part + 1)));
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            take(reader);
        }
    }

    private string First(long size, int which) => string.Create(CultureInfo.InvariantCulture, $"({size * which / parts},0)");
}

/// <summary>How many blocks tables have; parts are cut by it, so that all readers must know the same.</summary>
internal sealed record TableBlocks(long People, long Completions, long Issuances);
