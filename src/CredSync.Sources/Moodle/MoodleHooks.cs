using System.Text.Json;
using CredSync.Registration;

namespace CredSync.Sources.Moodle;

/// <summary>
/// Events that the plugin <c>local_webhooks</c> sends (source-apis.md section 3.5). They carry numbers only and are proven by a token at best, so each is a hint:
/// the learner and the completion are read again. The learner is <c>relateduserid</c>; <c>userid</c> is whoever was logged in, often cron.
/// </summary>
internal sealed class MoodleHooks(SourceIdentity source, MoodleClient client, MoodleCourses courses, MoodleOptions options, TimeProvider time) : IDisposable
{
    private const string Completed = @"\core\event\course_completed";
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim gate = new(1, 1);
    private MoodleSelection? selection;
    private DateTimeOffset keptUntil;

    /// <summary>Whether a delivery has the plugin's shape.</summary>
    public static WebhookReceipt Look(WebhookDelivery delivery)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        return json.RootElement.Text("eventname") is null
            ? WebhookReceipt.Refuse("The delivery has no eventname: it is not what local_webhooks sends.")
            : WebhookReceipt.Taken;
    }

    /// <summary>Reads again what a delivery points to.</summary>
    public async Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        JsonElement root = json.RootElement;
        long? user = root.Number("relateduserid") ?? root.Property("other")?.Number("relateduserid");

        // The reset of a recompletion plugin begins a new period and takes nothing back: what is earned next is a new attempt.
        if (root.Text("eventname") is not Completed || user is null || root.Number("courseid") is not { } courseId
            || (await FindAsync(courseId, ct).ConfigureAwait(false)) is not { } course)
        {
            return WebhookReading.Nothing;
        }

        MoodleAnswer<IReadOnlyList<MoodleLearner>> learners = await client.GetUserAsync(user.Value, ct).ConfigureAwait(false);
        IReadOnlyList<MoodleLearner> found = learners.Value ?? throw MoodleErrors.Fault(client.Who, learners.Refusal!);
        if (found.FirstOrDefault(l => l.Id == user) is not { } learner)
        {
            return new WebhookReading
            {
                Unreadable =
                [
                    new UnreadableRecord($"course {courseId}, user {user}", "learner-not-visible",
                        $"Moodle tells of user {user} in course {courseId} but does not show the account: give the service account moodle/user:viewdetails; the next sweep looks again."),
                ],
            };
        }

        Dictionary<long, MoodleAttempt> attempts = await MoodleAttempts.KnownAsync(course, known, ct).ConfigureAwait(false);
        MoodleCoursePage page = await new MoodleCourseReader(source, client, options, course, attempts, sweep: 0).LookAsync(learner, ct).ConfigureAwait(false);
        return new WebhookReading { Completions = page.Completions, Unreadable = page.Unreadable };
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    // The list of courses is one call and more; a burst of events must not ask for it each time.
    private async Task<MoodleCourse?> FindAsync(long courseId, CancellationToken ct)
    {
        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (selection is null || time.GetUtcNow() >= keptUntil)
            {
                selection = await courses.FindAsync(ct).ConfigureAwait(false);
                keptUntil = time.GetUtcNow() + KeptFor;
            }

            return selection.Selected.FirstOrDefault(c => c.Id == courseId);
        }
        finally
        {
            gate.Release();
        }
    }
}
