using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.Sandbox.Lrs;

/// <summary>What a play learning record store holds: statements in the order in which they were stored.</summary>
public sealed class LrsWorld
{
    private const string Voided = "http://adlnet.gov/expapi/verbs/voided";
    private readonly List<LrsStatement> _statements = [];
    private readonly Dictionary<string, LrsStatement> _byId = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The key of the Basic credentials.</summary>
    public string Key { get; init; } = "northwind-play-lrs-key";

    /// <summary>The secret of the Basic credentials.</summary>
    public string Secret { get; init; } = "northwind-play-lrs-secret";

    /// <summary>Whether answers say how far the store is consistent. Default true.</summary>
    public bool SaysConsistentThrough { get; set; } = true;

    /// <summary>The most statements that one answer holds. Default 100.</summary>
    public int LargestPage { get; set; } = 100;

    internal Lock Gate { get; } = new();

    internal IReadOnlyList<LrsStatement> Statements => _statements;

    /// <summary>Somebody completes a course.</summary>
    /// <param name="actor">The actor: an address with <c>mailto:</c>, or an account as <c>homePage|name</c>.</param>
    /// <param name="course">IRI of the course.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="stored">When the store took it; statements must be stored in the order of this time.</param>
    /// <param name="score">The score, −1 to 1; null for none.</param>
    /// <param name="verb">The verb's last word, for example <c>completed</c>.</param>
    /// <param name="type">IRI of the activity's type.</param>
    /// <param name="title">The course's title; null for none.</param>
    /// <returns>The id of the statement.</returns>
    public string Complete(
        string actor, string course, DateTimeOffset at, DateTimeOffset stored, double? score = null, string verb = "completed",
        string type = "http://adlnet.gov/expapi/activities/course", string? title = null)
    {
        ArgumentNullException.ThrowIfNull(actor);
        string[] account = actor.Split('|');
        var definition = new JsonObject { ["type"] = type };
        if (title is not null)
        {
            definition["name"] = new JsonObject { ["en"] = title };
        }

        var result = new JsonObject { ["success"] = true, ["completion"] = true };
        if (score is { } scaled)
        {
            result["score"] = new JsonObject { ["scaled"] = scaled };
        }

        return Store(
            new JsonObject
            {
                ["actor"] = account.Length == 2
                    ? new JsonObject { ["objectType"] = "Agent", ["account"] = new JsonObject { ["homePage"] = account[0], ["name"] = account[1] } }
                    : new JsonObject { ["objectType"] = "Agent", ["mbox"] = actor },
                ["verb"] = new JsonObject { ["id"] = "http://adlnet.gov/expapi/verbs/" + verb },
                ["object"] = new JsonObject { ["objectType"] = "Activity", ["id"] = course, ["definition"] = definition },
                ["result"] = result,
                ["timestamp"] = Text(at),
            },
            stored)!;
    }

    /// <summary>A statement is taken back.</summary>
    /// <param name="statement">Its id.</param>
    /// <param name="stored">When.</param>
    public void Void(string statement, DateTimeOffset stored) => Store(
        new JsonObject
        {
            ["actor"] = new JsonObject { ["mbox"] = "mailto:administrator@example.org" },
            ["verb"] = new JsonObject { ["id"] = Voided },
            ["object"] = new JsonObject { ["objectType"] = "StatementRef", ["id"] = statement },
            ["timestamp"] = Text(stored),
        },
        stored);

    /// <summary>Stores a statement as it was sent.</summary>
    /// <returns>Its id; null when another with this id is there already.</returns>
    internal string? Store(JsonObject statement, DateTimeOffset stored, string? id = null)
    {
        lock (Gate)
        {
            string own = (string?)statement["id"] ?? id
                ?? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"statement {_statements.Count}"))).AsSpan(0, 16)).ToString();
            if (_byId.ContainsKey(own))
            {
                return null;
            }

            statement["id"] = own;
            statement["stored"] = Text(stored);
            statement["timestamp"] ??= Text(stored);
            statement["version"] ??= "1.0.3";
            var kept = new LrsStatement(statement, stored);
            _statements.Add(kept);
            _byId.Add(own, kept);
            if (kept.Verb == Voided && statement["object"]?["objectType"]?.ToString() == "StatementRef" && _byId.TryGetValue(kept.ObjectId, out LrsStatement? target))
            {
                target.IsVoided = true;
            }

            return own;
        }
    }

    internal LrsStatement? Find(string id) => _byId.GetValueOrDefault(id);

    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A statement as the store keeps it.</summary>
internal sealed class LrsStatement(JsonObject json, DateTimeOffset stored)
{
    public JsonObject Json => json;

    public DateTimeOffset Stored => stored;

    public bool IsVoided { get; set; }

    public string Id => json["id"]!.ToString();

    public string Verb => json["verb"]?["id"]?.ToString() ?? "";

    public string ObjectId => json["object"]?["id"]?.ToString() ?? "";
}
