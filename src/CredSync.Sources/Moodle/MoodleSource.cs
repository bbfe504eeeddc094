using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Moodle;

/// <summary>
/// Moodle, read by comparing states: each reading finishes one sweep through the courses and yields whoever is complete and not known to be.
/// </summary>
/// <remarks>
/// There is no watermark, because Moodle dates a completion by its criteria and may show it long after (moodle-behaviour section 7). For the same reason a
/// learner who is missed, because someone left while the list was paged, is found by the next sweep. Nothing is ever withdrawn here: absence, an ended
/// enrolment and a silent change to "not complete" are weak evidence (section 9).
/// </remarks>
internal sealed class MoodleSource : ICompletionSource, IWebhookSource, ICourseCatalogue, ICheckable, IDisposable
{
    private readonly SourceIdentity source;
    private readonly MoodleOptions options;
    private readonly MoodleClient client;
    private readonly MoodleCourses courses;
    private readonly MoodleHooks hooks;

    /// <summary>Creates a source.</summary>
    public MoodleSource(SourceIdentity source, MoodleOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.source = source;
        this.options = options;
        client = MoodleClient.Create(source, options, clients, settings, time);
        courses = new MoodleCourses(client, options, time);
        hooks = new MoodleHooks(source, client, courses, options, time);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        MoodleCursor at = MoodleCursor.Parse(read.Since, client.Who);
        MoodleSelection selection = await courses.FindAsync(ct).ConfigureAwait(false);
        (MoodleReport? report, UnreadableRecord? unusable) = await ReportAsync(selection, ct).ConfigureAwait(false);
        foreach (MoodleCourse course in selection.Selected)
        {
            if (course.Id < at.Course)
            {
                continue;
            }

            if (course.Id > at.Course)
            {
                // A course that this sweep has not begun: the place within the one before it does not apply.
                at = at with { Course = course.Id, From = 0, Seen = 0 };
            }

            await foreach ((SourcePage page, MoodleCursor next) in ReadCourseAsync(course, at, read.Known, report, ct).ConfigureAwait(false))
            {
                at = next;
                yield return page;
            }
        }

        yield return new SourcePage { Completions = [], Unreadable = unusable is null ? selection.Unreadable : [.. selection.Unreadable, unusable], Next = at.AfterSweep().ToCursor() };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct) => new MoodleCheck(client, courses, options).RunAsync(ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Course>> CoursesAsync(CancellationToken ct) =>
        [.. (await courses.FindAsync(ct).ConfigureAwait(false)).Selected.DistinctBy(c => c.Key).Select(c => MoodleMapping.CourseOf(c))];

    /// <inheritdoc/>
    public WebhookReceipt Look(WebhookDelivery delivery) => MoodleHooks.Look(delivery);

    /// <inheritdoc/>
    public Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct) => hooks.TakeAsync(delivery, known, ct);

    /// <inheritdoc/>
    public void Dispose() => hooks.Dispose();

    private async Task<(MoodleReport? Report, UnreadableRecord? Unusable)> ReportAsync(MoodleSelection selection, CancellationToken ct)
    {
        if (options.Report is not { } number)
        {
            return default;
        }

        return selection.OffersReports
            ? await MoodleReport.ReadAsync(client, options, number, ct).ConfigureAwait(false)
            : (null, new UnreadableRecord($"report {number}", "report-unusable",
                $"Report {number} cannot be used, because the token's service does not have {MoodleFunctions.Report}: add it, or leave 'report' out; until then everyone is asked for one by one."));
    }

    private async IAsyncEnumerable<(SourcePage Page, MoodleCursor Next)> ReadCourseAsync(
        MoodleCourse course, MoodleCursor at, IKnownCompletions knownCompletions, MoodleReport? report, [EnumeratorCancellation] CancellationToken ct)
    {
        Dictionary<long, MoodleAttempt> known = await MoodleAttempts.KnownAsync(course, knownCompletions, ct).ConfigureAwait(false);
        MoodleCourseReader reader = new(source, client, options, course, known, at.Sweep, report);
        int? before = at.CountOf(course.Id);
        PagingGuard paging = new(client.Who);
        while (true)
        {
            MoodleAnswer<IReadOnlyList<JsonElement>> listed = await client.GetLearnersAsync(course.Id, at.From, options.PageSize, ct).ConfigureAwait(false);
            if (listed.Value is not { } rows)
            {
                at = at.AfterCourse(course.Id, count: null);
                yield return (Page(new MoodleCoursePage([], [MoodleErrors.OfCourse(listed.Refusal!, course.Id)], true), at), at);
                yield break;
            }

            if (rows.Count > 0)
            {
                // A proxy that loses the form's options would give the first page for ever.
                paging.Advance(rows[0].GetRawText());
            }

            MoodleCoursePage page = await reader.ReadAsync(rows, ct).ConfigureAwait(false);
            MoodleCursor next = at with { From = at.From + options.PageSize, Seen = at.Seen + rows.Count };
            bool end = page.CourseRefused || IsEnd(rows.Count, next, before, known.Count);
            if (end)
            {
                page = page with { Unreadable = [.. page.Unreadable, .. Shrunk(course, next.Seen, before, page.CourseRefused)] };
                next = next.AfterCourse(course.Id, page.CourseRefused ? null : next.Seen);
            }

            at = next;
            yield return (Page(page, at), at);
            if (end)
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// Whether the list of learners ends here. Moodle drops rows that the account may not see after it has cut the page, so a short or empty page proves
    /// nothing by itself (moodle-behaviour section 4): reading goes on until as many were met as the time before, or until an empty page beyond that many.
    /// </summary>
    private bool IsEnd(int rows, MoodleCursor next, int? before, int knownLearners)
    {
        bool full = rows >= options.PageSize;
        bool beyond = next.From >= Math.Max(before ?? 0, knownLearners);
        return !full && beyond && (rows == 0 || next.Seen >= before);
    }

    /// <summary>The course in words when it suddenly has far fewer learners, which more often is a lost right than people who left.</summary>
    private static IEnumerable<UnreadableRecord> Shrunk(MoodleCourse course, int seen, int? before, bool refused)
    {
        if (!refused && before is { } count && seen < count * 0.8)
        {
            yield return new UnreadableRecord(
                string.Create(CultureInfo.InvariantCulture, $"course {course.Id}"),
                "course-fewer-learners",
                $"Course {course.Id} lists {seen} learners, {count} the time before: if nobody left, give the account moodle/user:viewdetails and moodle/site:accessallgroups there; nothing is withdrawn.");
        }
    }

    private static SourcePage Page(MoodleCoursePage page, MoodleCursor next) =>
        new() { Completions = page.Completions, Unreadable = page.Unreadable, Next = next.ToCursor() };
}
