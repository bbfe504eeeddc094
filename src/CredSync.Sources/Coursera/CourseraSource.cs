using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;
using CredSync.Sources.Statements;

namespace CredSync.Sources.Coursera;

/// <summary>
/// Coursera for Business, read from its enrolment reports: mostly what was completed since shortly before the newest known completion, and every week
/// everything, which repairs what late rows and shifting offsets left out (source-apis.md section 1.7).
/// </summary>
internal sealed class CourseraSource : ICompletionSource, IWebhookSource, ICheckable, IDisposable
{
    private readonly SourceIdentity source;
    private readonly CourseraOptions options;
    private readonly TimeProvider time;
    private readonly CourseraClient client;

    /// <summary>Creates a source.</summary>
    public CourseraSource(SourceIdentity source, CourseraOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.source = source;
        this.options = options;
        this.time = time;
        client = new CourseraClient(source, options, clients, settings, time);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        CourseraCursor at = read.Since is { } since ? CursorText.Parse<CourseraCursor>(since, client.Who, cursor => cursor.IsValid()) : new CourseraCursor();
        if (options.Programs.Count == 0 || at.Start > 0 || at.Booked == at.Run)
        {
            await foreach ((SourcePage page, CourseraCursor next) in ReadReportsAsync(at, read.Known, ct).ConfigureAwait(false))
            {
                at = next;
                yield return page;
            }
        }

        if (options.Programs.Count > 0)
        {
            await foreach (SourcePage page in new CourseraGradebook(source, options, client).ReadAsync(at, read.Known, ct).ConfigureAwait(false))
            {
                yield return page;
            }
        }
    }

    private async IAsyncEnumerable<(SourcePage Page, CourseraCursor Next)> ReadReportsAsync(CourseraCursor at, IKnownCompletions known, [EnumeratorCancellation] CancellationToken ct)
    {
        at = at.Begin(time.GetUtcNow(), options.FullScan);
        // Frozen for the run: a filter that moved between pages would shift the offsets.
        DateTimeOffset? after = at.Full ? null : DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(at.Newest, time.GetUtcNow().ToUnixTimeMilliseconds())) - options.Overlap;
        while (true)
        {
            CourseraReport report = await client.GetReportAsync(at.Start, after, ct).ConfigureAwait(false);
            long? next = client.NextOf(report, at.Start);
            (IReadOnlyList<Completion> completions, IReadOnlyList<UnreadableRecord> aside, long seen) = await MapAsync(report, at.Start, known, ct).ConfigureAwait(false);
            (bool begins, bool ends) = (at.Full && at.Start == 0, at.Full && next is null);
            at = next is { } start ? at.Advance(start, seen) : at.Finish(seen, time.GetUtcNow());
            yield return (new SourcePage { Completions = completions, Unreadable = aside, BeginsWhole = begins, EndsWhole = ends, Next = CursorText.Write(at) }, at);
            if (next is null)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        List<CheckResult> results = [];
        try
        {
            await client.GetOrganisationAsync(ct).ConfigureAwait(false);
            results.Add(new("organisation", CheckOutcome.Passed, "The app may read the organisation."));
            await client.GetReportAsync(0, time.GetUtcNow(), ct).ConfigureAwait(false);
            results.Add(new("reports", CheckOutcome.Passed, "The app may read enrolment reports."));
            foreach (string program in options.Programs)
            {
                results.Add(await client.GetGradebookAsync(program, 0, ct).ConfigureAwait(false) is not null
                    ? new($"gradebook of {program}", CheckOutcome.Passed, "The app may read it.")
                    : new($"gradebook of {program}", CheckOutcome.Failed, $"Coursera does not know the program {program}.", "Correct 'programs' with the ids that the organisation's programs have."));
            }

            results.AddRange(client.Clock);
        }
        catch (SourceException fault)
        {
            results.Add(new(results.Count == 0 ? "organisation" : "reports", CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again."));
        }

        return results;
    }

    /// <inheritdoc/>
    public WebhookReceipt Look(WebhookDelivery delivery) => StatementPush.Look(delivery);

    /// <inheritdoc/>
    public Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct) => Task.FromResult(new CourseraPush(source, options).Take(delivery));

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<(IReadOnlyList<Completion> Completions, IReadOnlyList<UnreadableRecord> Aside, long Seen)> MapAsync(
        CourseraReport report, long start, IKnownCompletions known, CancellationToken ct)
    {
        Dictionary<string, CourseraEnrollment> first = new(StringComparer.Ordinal);
        List<UnreadableRecord> aside = [];
        List<(CourseraEnrollment Row, long Number)> rows = [];
        long seen = 0;
        long number = start;
        foreach (JsonElement element in report.Elements!)
        {
            number++;
            if (Row(element) is not { } row)
            {
                aside.Add(new UnreadableRecord(Reference(number, null), "row-malformed", "An enrolment report row has fields of another kind than documented: report it to Coursera's support."));
                continue;
            }

            if (CourseraMapping.ProblemOf(row) is var (cause, sentence))
            {
                aside.Add(new UnreadableRecord(Reference(number, row.ContentId), cause, sentence));
                continue;
            }

            rows.Add((row, number));
        }

        // One look for the page, at its own keys: a page of reports mixes all courses, and a course may have been completed by everybody.
        HashSet<string> keys = [.. rows.Where(r => r.Row.IsCompleted || options.PerProgram).Select(r => CourseraMapping.KeyOf(r.Row, options.PerProgram))];
        Dictionary<string, KnownCompletion> complete = (await known.OfKeysAsync(keys, ct).ConfigureAwait(false)).Where(k => k.Status == CompletionStatus.Completed).ToDictionary(k => k.NaturalKey, StringComparer.Ordinal);
        foreach ((CourseraEnrollment row, long place) in rows)
        {
            string key = CourseraMapping.KeyOf(row, options.PerProgram);
            if (row.IsCompleted)
            {
                // The same content in two programs is one fact, told by the row that was complete first: else the two would revise each other with every full reading.
                first[key] = first.TryGetValue(key, out CourseraEnrollment? other) && !IsBefore(row, other) ? other : row;
                seen = Math.Max(seen, SeenAt(row));
            }
            else if (options.PerProgram && complete.ContainsKey(key))
            {
                // Without the program in the key an open row may simply be the other program's, which says nothing.
                aside.Add(new UnreadableRecord(Reference(place, row.ContentId), "completion-vanished",
                    $"Coursera shows someone as not complete in content {row.ContentId} who was complete before: nothing is withdrawn; withdraw it by hand if it was wrong.")
                {
                    Missing = key,
                });
            }
        }

        return ([.. first.Select(f => Earliest(CourseraMapping.Map(source.Name, f.Value, options), complete.TryGetValue(f.Key, out KnownCompletion before) ? before.CompletedAt : null))], aside, seen);
    }

    /// <summary>What a row says of how far the report reaches. A date ahead of the clock, or one in another unit, says nothing: it would move the window beyond all that comes in next.</summary>
    private long SeenAt(CourseraEnrollment row) =>
        Tolerant.FromMilliseconds(row.CompletedAt) is { } at && at <= time.GetUtcNow() ? at.ToUnixTimeMilliseconds() : 0;

    /// <summary>A place in the report and what it is about. Not the row's own id: that holds the learner's id, which may be an e-mail address.</summary>
    private static string Reference(long number, string? content) =>
        string.Create(CultureInfo.InvariantCulture, $"report row {number}{(string.IsNullOrWhiteSpace(content) ? "" : $", content {content}")}");

    private static bool IsBefore(CourseraEnrollment one, CourseraEnrollment other) =>
        Tolerant.FromMilliseconds(one.CompletedAt) is { } at && (Tolerant.FromMilliseconds(other.CompletedAt) is not { } then || at < then);

    /// <summary>The same content in two programs is completed when it was completed first, also where the two stand on different pages.</summary>
    private static Completion Earliest(Completion completion, DateTimeOffset? other) =>
        other is not null && (completion.CompletedAt is null || other < completion.CompletedAt) ? completion with { CompletedAt = other } : completion;

    private static CourseraEnrollment? Row(JsonElement element)
    {
        try
        {
            return element.Deserialize<CourseraEnrollment>(Tolerant.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
