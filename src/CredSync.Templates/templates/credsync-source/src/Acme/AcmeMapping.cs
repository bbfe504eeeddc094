using System.Text.Json;
using CredSync.Completions;
using CredSync.Sources;

namespace Acme;

/// <summary>What a record of the service means. Pure: no calls, no clock; what the service does not say stays null.</summary>
public static class AcmeMapping
{
    /// <summary>Maps a record to a completion, or says why it cannot be read.</summary>
    /// <param name="source">Name of the source as configured; part of the key.</param>
    /// <param name="item">The record.</param>
    /// <param name="place">Its place, to name it where it has no id.</param>
    public static (Completion? Completion, UnreadableRecord? Unreadable) Map(string source, JsonElement item, string place)
    {
        try
        {
            return (Map(source, item.Deserialize<AcmeCompletion>()!), null);
        }
        catch (JsonException)
        {
            return (null, new UnreadableRecord(place, "unreadable-record", "The record lacks its id, learner, course or date, or one of them is of another kind: ask the service's administrator."));
        }
    }

    private static Completion Map(string source, AcmeCompletion record) => new()
    {
        Key = new CompletionKey(source, record.Id),
        Identifiers = Identifiers(record.Learner),
        PersonName = record.Learner.Name,
        Course = new Course { Key = record.Course.Code, Title = record.Course.Title },
        Status = record.State == "withdrawn" ? CompletionStatus.Withdrawn : CompletionStatus.Completed,
        StatusReason = record.State == "withdrawn" ? "withdrawn" : null,
        CompletedAt = record.FinishedAt.ToUniversalTime(),
        CompletedAtPrecision = TimePrecision.Instant,
        Score = record.Score is { } score ? new Score { Scaled = score, Raw = score, Min = 0, Max = 1 } : null,
    };

    private static PersonIdentifier[] Identifiers(AcmeLearner learner) => learner.Email is { Length: > 0 } email
        ? [new(IdentifierKinds.ExternalId, learner.Number), new(IdentifierKinds.Email, email)]
        : [new(IdentifierKinds.ExternalId, learner.Number)];
}
