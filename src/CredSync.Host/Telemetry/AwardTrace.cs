using System.Diagnostics;
using System.Globalization;

namespace CredSync.Host.Telemetry;

/// <summary>
/// One trace for each award, from the page that earned it to the issuer's answer. Its id is the issuance's own id, so that it stands in the ledger, is the same in
/// every process and on every attempt, and costs nothing to keep.
/// </summary>
internal static class AwardTrace
{
    /// <summary>The name of our source of traces.</summary>
    public const string Name = "CredSync";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>The id of an issuance's trace, as tracing tools write it.</summary>
    public static string IdOf(Guid issuance) => issuance.ToString("N");

    /// <summary>Begins a step of an award; null when nobody listens.</summary>
    /// <param name="room">Where: <c>intake</c>, <c>dispatch</c>, <c>issue</c>, <c>outcome</c>.</param>
    /// <param name="issuance">The issuance.</param>
    /// <param name="issuer">Its issuer; null when the room does not know it.</param>
    public static Activity? Begin(string room, Guid issuance, string? issuer = null)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        string id = IdOf(issuance);

        // Every step hangs below the same root, which nobody has to send along: its id is part of the issuance's.
        var root = new ActivityContext(ActivityTraceId.CreateFromString(id), ActivitySpanId.CreateFromString(id.AsSpan(16)), ActivityTraceFlags.Recorded, isRemote: true);
        Activity? step = Source.StartActivity(string.Create(CultureInfo.InvariantCulture, $"credsync {room}"), ActivityKind.Internal, root);
        step?.SetTag("credsync.issuance", issuance.ToString());
        if (issuer is not null)
        {
            step?.SetTag("credsync.issuer", issuer);
        }

        return step;
    }
}
