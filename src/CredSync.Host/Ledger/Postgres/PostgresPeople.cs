using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Npgsql;

namespace CredSync.Host.Ledger.Postgres;

/// <summary>Reads what plans look at.</summary>
internal static class PostgresPeople
{
    /// <summary>People after one and up to another.</summary>
    public static Task<IReadOnlyList<PlanPerson>> InRangeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid? after, Guid last, CancellationToken ct) =>
        ReadAsync(sql => new BulkCommand(connection, transaction, sql.Replace("{0}", after is null ? "subject_id <= @last" : "subject_id > @after AND subject_id <= @last", StringComparison.Ordinal))
            .Id("after", after).Id("last", last), ct);

    /// <summary>Some people.</summary>
    public static Task<IReadOnlyList<PlanPerson>> AmongAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        ReadAsync(sql => new BulkCommand(connection, transaction, sql.Replace("{0}", "subject_id = ANY(@ids)", StringComparison.Ordinal)).Ids("ids", subjects), ct);

    private static async Task<IReadOnlyList<PlanPerson>> ReadAsync(Func<string, BulkCommand> command, CancellationToken ct)
    {
        List<Guid> people = await command("SELECT subject_id FROM people WHERE {0} ORDER BY subject_id").ReadAsync(r => r.GetGuid(0), ct).ConfigureAwait(false);
        ILookup<Guid, Completion> completions = (await command("SELECT subject_id, payload::text FROM completions WHERE {0}")
            .ReadAsync(r => (Subject: r.GetGuid(0), Completion: LedgerJson.ReadCompletion(r.GetString(1))), ct).ConfigureAwait(false)).ToLookup(r => r.Subject, r => r.Completion);
        ILookup<Guid, Line> lines = (await command(
            """
            SELECT i.subject_id, i.definition, i.occurrence, i.state, a.award ->> 'earnedAt', a.award ->> 'expiresAt', i.cause,
                i.sent_at IS NULL AND i.attempts = 0, EXISTS (SELECT 1 FROM reviews AS r WHERE r.issuance_id = i.issuance_id)
            FROM issuances AS i JOIN issuance_awards AS a ON a.issuance_id = i.issuance_id WHERE {0}
            """)
            .ReadAsync(Read, ct).ConfigureAwait(false)).ToLookup(l => l.Issuance.Key.Subject);
        return
        [
            .. people.Select(subject => new PlanPerson
            {
                History = new PersonHistory { Subject = subject, Completions = [.. completions[subject]], Issuances = [.. lines[subject].Select(l => l.Issuance)] },
                Unsent = [.. lines[subject].Where(l => l.IsUnsent).Select(l => l.Issuance.Key)],
                Reviewed = [.. lines[subject].Where(l => l.IsReviewed).Select(l => l.Issuance.Key)],
            }),
        ];
    }

    // The dates come from the award, exactly: a decision compares them with a completion's own.
    private static Line Read(NpgsqlDataReader r)
    {
        IssuanceState state = Enum.Parse<IssuanceState>(r.GetString(3));
        return new Line(
            new HeldIssuance(new IssuanceKey(r.GetString(1), r.GetGuid(0), r.GetString(2)), state, PostgresLedger.ExactTime(r.Text(4)), PostgresLedger.ExactTime(r.Text(5))) { Cause = r.Text(6) },
            state is IssuanceState.Planned or IssuanceState.Held && r.GetBoolean(7),
            r.GetBoolean(8));
    }

    private sealed record Line(HeldIssuance Issuance, bool IsUnsent, bool IsReviewed);
}
