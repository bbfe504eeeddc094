using System.Text.Json;

namespace CredSync.Sources.Statements;

/// <summary>Statements that a producer pushes: <c>POST statements</c> with one or a list, or <c>PUT statements?statementId=…</c> (xAPI 1.0.3 part 3, section 2.1).</summary>
internal static class StatementPush
{
    private const string IdParameter = "statementId=";

    /// <summary>Answers as a learning record store does: with the ids of what was posted, or with nothing to what was put.</summary>
    public static WebhookReceipt Look(WebhookDelivery delivery)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        List<(string Id, Statement? Statement)> statements = Read(json.RootElement, delivery);
        return statements.Count == 0 || statements.Any(s => s.Statement is null) ? WebhookReceipt.Refuse("The delivery holds something that is no xAPI statement: each has an actor, a verb and an object.")
            : PutId(delivery) is not null ? new WebhookReceipt { Status = 204 }
            : new WebhookReceipt { Status = 200, Json = JsonSerializer.Serialize(statements.Select(s => s.Id)) };
    }

    /// <summary>The statements of a delivery, each with an id: its own, the one in the address, or one that follows from the delivery.</summary>
    public static IReadOnlyList<Statement> Read(WebhookDelivery delivery)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        return [.. Read(json.RootElement, delivery).Where(s => s.Statement is not null).Select(s => s.Statement! with { Id = s.Id })];
    }

    private static List<(string Id, Statement? Statement)> Read(JsonElement root, WebhookDelivery delivery)
    {
        IEnumerable<JsonElement> elements = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : [root];
        string? put = PutId(delivery);
        return [.. elements.Select((element, index) =>
        {
            Statement? statement = Statement.Read(element);
            return (statement?.Id ?? put ?? NameBasedUuid.Create(Guid.Empty, $"{delivery.Id}#{index}").ToString(), statement);
        })];
    }

    private static string? PutId(WebhookDelivery delivery)
    {
        int at = delivery.Target.IndexOf(IdParameter, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        string rest = delivery.Target[(at + IdParameter.Length)..];
        int end = rest.IndexOf('&', StringComparison.Ordinal);
        return Guid.TryParse(end < 0 ? rest : rest[..end], out Guid id) ? id.ToString() : null;
    }
}
