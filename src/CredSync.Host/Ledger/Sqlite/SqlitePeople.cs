using System.Globalization;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.People;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Storage;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Ledger.Sqlite;

/// <summary>Reads what plans look at, as fast as SQLite gives it: in the order of an index, payloads parsed from the bytes that are stored.</summary>
internal static class SqlitePeople
{
    public const string InRange = "subject_id > @after AND subject_id <= @last";
    public const string Among = "subject_id IN (SELECT value FROM json_each(@ids))";

    /// <summary>The columns that <see cref="IssuanceOf"/> reads, of <c>issuances AS i</c>.</summary>
    public const string Issuance =
        "subject_id, definition, occurrence, CASE WHEN revoked_at IS NULL THEN state ELSE 'Revoked' END, earned_at, expires_at, cause, sent_at IS NULL AND attempts = 0, EXISTS (SELECT 1 FROM reviews AS r WHERE r.issuance_id = i.issuance_id)";

    /// <summary>Reads people.</summary>
    /// <param name="open">Makes a command in the right connection and transaction.</param>
    /// <param name="onlyFacts">Whether only what rules look at is wanted of each completion; what is written on credentials needs all of it.</param>
    /// <param name="where">One of the constants here.</param>
    /// <param name="parameters">Its parameters.</param>
    public static List<PlanPerson> Read(Func<SqliteCommand> open, bool onlyFacts, string where, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var people = new List<Person>();
        var bySubject = new Dictionary<string, Person>(StringComparer.Ordinal);
        var merged = new List<(string Subject, string Root, string? Consent)>();
        using (SqliteCommand command = Command(open, $"SELECT subject_id, merged_into, consent FROM people WHERE {where} ORDER BY subject_id", parameters))
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                string subject = reader.GetString(0);
                if (!reader.IsDBNull(1))
                {
                    merged.Add((subject, reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
                    continue;
                }

                var person = new Person(Guid.Parse(subject, CultureInfo.InvariantCulture));
                person.Says(reader.IsDBNull(2) ? null : reader.GetString(2));
                people.Add(person);
                bySubject.Add(subject, person);
            }
        }

        List<string> elsewhere = where == InRange ? Elsewhere(open, merged, parameters) : [];
        foreach ((string subject, string root, string? consent) in merged)
        {
            // In a range, those whose root lies outside it are read with their root.
            if (bySubject.TryGetValue(root, out Person? person))
            {
                person.Says(consent);
                bySubject.Add(subject, person);
            }
        }

        ReadLines(open, onlyFacts, bySubject, where, parameters);
        if (elsewhere.Count > 0)
        {
            ReadLines(open, onlyFacts, bySubject, Among, ("@ids", LedgerJson.Write([.. elsewhere])));
        }

        return [.. people.Select(p => p.ToPlanPerson())];
    }

    /// <summary>An issuance from the columns of <see cref="Issuance"/>, whose last says whether a review was opened.</summary>
    public static HeldIssuance IssuanceOf(SqliteDataReader row, Guid owner)
    {
        IssuanceState state = Enum.Parse<IssuanceState>(row.GetString(3));
        bool waits = state is IssuanceState.Planned or IssuanceState.Held && row.GetBoolean(7);
        return new HeldIssuance(new IssuanceKey(row.GetString(1), owner, row.GetString(2)), state, Time(row, 4), Time(row, 5)) { Cause = row.IsDBNull(6) ? null : row.GetString(6), Waits = waits };
    }

    // Those who were merged into somebody of the range and lie outside it themselves.
    private static List<string> Elsewhere(Func<SqliteCommand> open, List<(string Subject, string Root, string? Consent)> merged, ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var elsewhere = new List<string>();
        HashSet<string> here = [.. merged.Select(m => m.Subject)];
        using SqliteCommand command = Command(open, "SELECT subject_id, merged_into, consent FROM people WHERE merged_into IS NOT NULL AND merged_into > @after AND merged_into <= @last", parameters);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            string subject = reader.GetString(0);
            if (!here.Contains(subject))
            {
                merged.Add((subject, reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
                elsewhere.Add(subject);
            }
        }

        return elsewhere;
    }

    private static void ReadLines(Func<SqliteCommand> open, bool onlyFacts, Dictionary<string, Person> bySubject, string where, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        using (SqliteCommand command = Command(open, $"SELECT subject_id, payload FROM completions WHERE {where} ORDER BY subject_id", parameters))
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                if (bySubject.TryGetValue(reader.GetString(0), out Person? person))
                {
                    byte[] payload = reader.GetFieldValue<byte[]>(1);
                    person.Completions.Add(onlyFacts ? StoredFacts.Read(payload) : JsonSerializer.Deserialize(payload, LedgerJson.Default.Completion)!);
                }
            }
        }

        using (SqliteCommand command = Command(
            open,
            $"SELECT {Issuance} FROM issuances AS i WHERE {where} ORDER BY subject_id",
            parameters))
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                string subject = reader.GetString(0);
                if (bySubject.TryGetValue(subject, out Person? person))
                {
                    person.Add(IssuanceOf(reader, Guid.Parse(subject, CultureInfo.InvariantCulture)), reader.GetBoolean(8));
                }
            }
        }
    }

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : SqliteText.Time(row.GetString(column));

    private static SqliteCommand Command(Func<SqliteCommand> open, string sql, ReadOnlySpan<(string Name, string Value)> parameters)
    {
        SqliteCommand command = open();
#pragma warning disable CA2100 // The text is made of constants of this file; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, string value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private sealed class Person(Guid subject)
    {
        private readonly List<HeldIssuance> issuances = [];
        private readonly List<ConsentFact> consents = [];
        private readonly List<IssuanceKey> unsent = [];
        private readonly List<IssuanceKey> reviewed = [];

        public List<Completion> Completions { get; } = [];

        public void Says(string? consent)
        {
            if (consent is not null)
            {
                consents.AddRange(LedgerJson.ReadConsents(consent));
            }
        }

        /// <summary>Adds a line of the person, or of somebody merged into them.</summary>
        public void Add(HeldIssuance issuance, bool isReviewed)
        {
            issuances.Add(issuance);
            if (issuance.Waits)
            {
                unsent.Add(issuance.Key);
            }

            if (isReviewed)
            {
                reviewed.Add(issuance.Key);
            }
        }

        public PlanPerson ToPlanPerson() => new()
        {
            History = new PersonHistory { Subject = subject, Completions = Completions, Issuances = issuances, Consents = consents },
            Unsent = unsent,
            Reviewed = reviewed,
        };
    }
}
