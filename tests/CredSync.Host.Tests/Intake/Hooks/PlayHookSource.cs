using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Sources;

namespace CredSync.Host.Tests.Intake.Hooks;

/// <summary>A source whose deliveries say who finished what: <c>{"person":"ada","course":"SAFETY-101"}</c>.</summary>
internal sealed class PlayHookSource : ICompletionSource, IWebhookSource
{
    /// <summary>Thrown for deliveries about this person; null for none.</summary>
    public (string Person, Exception Fault)? Fault { get; set; }

    public static string Body(string person, string course = "SAFETY-101") => $$"""{"person":"{{person}}","course":"{{course}}"}""";

    public static WebhookDelivery Delivery(string id, string person, string course = "SAFETY-101") =>
        new() { Id = id, ReceivedAt = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero), Body = Encoding.UTF8.GetBytes(Body(person, course)) };

    public WebhookReceipt Look(WebhookDelivery delivery)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("person", out JsonElement person) && person.ValueKind == JsonValueKind.String
            ? new WebhookReceipt { Status = 200, Json = "\"thanks\"" }
            : WebhookReceipt.Refuse("It names no person.");
    }

    public Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        string person = json.RootElement.GetProperty("person").GetString()!;
        string course = json.RootElement.GetProperty("course").GetString()!;
        if (Fault is { } fault && fault.Person == person)
        {
            throw fault.Fault;
        }

        return Task.FromResult(new WebhookReading
        {
            Completions =
            [
                new Completion
                {
                    Key = new CompletionKey("play", $"{person}|{course}"),
                    Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, person)],
                    Course = new Course { Key = course },
                    Status = CompletionStatus.Completed,
                    CompletedAt = new DateTimeOffset(2026, 2, 1, 12, 0, 0, TimeSpan.Zero),
                    CompletedAtPrecision = TimePrecision.Instant,
                },
            ],
        });
    }

    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        yield break;
    }
}
