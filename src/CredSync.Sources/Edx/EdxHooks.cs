using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;

namespace CredSync.Sources.Edx;

/// <summary>
/// Events that the <c>openedx-webhooks</c> plugin sends (source-apis.md sections 2.7 and 2.8). They come unsigned, repeat themselves and say little, so each is
/// only a hint: the certificate is read again, and what it says is compared with what is known. "Passed" is never believed because a message says so.
/// </summary>
internal sealed class EdxHooks(SourceIdentity source, EdxClient client, EdxOptions options)
{
    private const string CertificatePrefix = "org.openedx.learning.certificate.";
    private const string PassingStatus = "org.openedx.learning.course.passing.status.updated.v1";
    private const string CcxPassingStatus = "org.openedx.learning.ccx.course.passing.status.updated.v1";

    /// <summary>Whether a delivery has the plugin's shape.</summary>
    public static WebhookReceipt Look(WebhookDelivery delivery)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        return json.RootElement.Property("event_metadata")?.Text("event_type") is null
            ? WebhookReceipt.Refuse("The delivery has no event_metadata.event_type: let the plugin send JSON, not a form.")
            : WebhookReceipt.Taken;
    }

    /// <summary>Reads again what a delivery points to.</summary>
    public async Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        if (Event.Of(json.RootElement) is not { } told || !options.Courses.Contains(told.Run, StringComparer.Ordinal))
        {
            // Another kind of event, or a course that this source does not read.
            return WebhookReading.Nothing;
        }

        string key = EdxMapping.KeyOf(told.UserName, told.Run);
        KnownCompletion? before = (await known.OfKeysAsync([key], ct).ConfigureAwait(false)).Cast<KnownCompletion?>().FirstOrDefault();
        if (told.IsPassing is false && before?.Status != CompletionStatus.Completed)
        {
            // Each recomputed grade says so, many times before the first pass.
            return WebhookReading.Nothing;
        }

        EdxGrade grade = await client.GetGradeAsync(told.UserName, told.Run, ct).ConfigureAwait(false) ?? new EdxGrade { UserName = told.UserName };
        (Completion? completion, UnreadableRecord? unreadable) = await new EdxRunReader(source, client, options, told.Run, 0).LookAsync(grade, before, ct).ConfigureAwait(false);

        // A pass whose certificate is still being made is told of by the certificate's own event, and found by the next reading.
        return new WebhookReading
        {
            Completions = completion is null ? [] : [completion],
            Unreadable = unreadable is null or { Cause: "completion-without-date" } ? [] : [unreadable],
        };
    }

    private sealed record Event(string UserName, string Run, bool? IsPassing)
    {
        /// <summary>Whom and what an event is about; null when it is none that matters here.</summary>
        public static Event? Of(JsonElement root)
        {
            string? type = root.Property("event_metadata")?.Text("event_type");
            bool isCertificate = type?.StartsWith(CertificatePrefix, StringComparison.Ordinal) ?? false;
            if (!isCertificate && type is not (PassingStatus or CcxPassingStatus))
            {
                return null;
            }

            // The data stands under the path of a Python class, which changes with the release.
            foreach (JsonProperty data in root.EnumerateObject().Where(p => p.Name != "event_metadata"))
            {
                string? user = data.Value.Property("user")?.Property("pii")?.Text("username");
                JsonElement? course = data.Value.Property("course");

                // A custom course names itself and its master, neither as others do.
                string? run = course?.Text("course_key") ?? course?.Text("ccx_course_key");
                if (user is { Length: <= 150 } && run is not null)
                {
                    return new Event(user, run, isCertificate ? null : data.Value.Flag("is_passing"));
                }
            }

            return null;
        }
    }
}
