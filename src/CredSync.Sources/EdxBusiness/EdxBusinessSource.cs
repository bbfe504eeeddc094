using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.EdxBusiness;

/// <summary>
/// edX for Business, read from its nightly enrolment reports. They hold no "changed since" and no revocation: every reading is of all rows, and one that vanishes or does
/// not say "passed" any more withdraws nothing.
/// </summary>
internal sealed class EdxBusinessSource : ICompletionSource, ICheckable, IDisposable
{
    private readonly SourceIdentity source;
    private readonly EdxBusinessOptions options;
    private readonly EdxBusinessClient client;

    /// <summary>Creates a source.</summary>
    public EdxBusinessSource(SourceIdentity source, EdxBusinessOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.source = source;
        this.options = options;
        client = new EdxBusinessClient(source, options, clients, settings, time);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        EdxBusinessCursor at = read.Since is { } since ? CursorText.Parse<EdxBusinessCursor>(since, client.Who, cursor => cursor.IsValid()) : new EdxBusinessCursor();
        PagingGuard paging = new(client.Who);
        bool isStored = at.Next is not null;
        do
        {
            if (await client.GetPageAsync(at.Next, ct).ConfigureAwait(false) is not { } page)
            {
                // The report became shorter, or its pages are counted anew: it is read again from its beginning.
                at = isStored ? at with { Next = null, Rows = 0, Again = at.Again + 1 } : throw HttpFaults.Forgotten(client.Who);
                page = (await client.GetPageAsync(next: null, ct).ConfigureAwait(false))!;
            }

            isStored = false;
            string? next = page.Next is { Length: > 0 } link ? client.SameHost(link) : null;
            if (next is not null)
            {
                paging.Advance(next);
            }

            (List<Completion> completions, List<UnreadableRecord> aside) = await MapAsync(page.Results!, at.Rows, read.Known, ct).ConfigureAwait(false);
            bool begins = at.Next is null;
            at = at with { Next = next, Rows = next is null ? 0 : at.Rows + page.Results!.Count, Again = next is null ? 0 : at.Again, Readings = next is not null ? at.Readings : at.Readings == int.MaxValue ? 0 : at.Readings + 1 };
            yield return new SourcePage { Completions = completions, Unreadable = aside, BeginsWhole = begins, EndsWhole = next is null, Next = CursorText.Write(at) };
        }
        while (at.Next is not null);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            EdxBusinessPage page = (await client.GetPageAsync(next: null, ct).ConfigureAwait(false))!;
            return [new CheckResult("report", CheckOutcome.Passed, string.Create(CultureInfo.InvariantCulture, $"The report can be read; its first page has {page.Results!.Count} rows.")), .. client.Clock];
        }
        catch (SourceException fault)
        {
            return [new CheckResult("report", CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again.")];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<(List<Completion> Completions, List<UnreadableRecord> Aside)> MapAsync(IReadOnlyList<JsonElement> rows, long before, IKnownCompletions known, CancellationToken ct)
    {
        List<Completion> completions = [];
        List<UnreadableRecord> aside = [];
        List<(string Reference, string Course, string Key)> open = [];
        for (int i = 0; i < rows.Count; i++)
        {
            EdxBusinessRow? row = Row(rows[i]);
            string? course = row is null ? null : EdxBusinessMapping.CourseOf(row, options.CourseKey);
            string reference = string.Create(CultureInfo.InvariantCulture, $"report row {before + i + 1}{(course is null ? "" : $", course {course}")}");
            if (row is null)
            {
                aside.Add(new UnreadableRecord(reference, "row-malformed", "A row of the report has fields of another kind than documented: ask edX's support."));
            }
            else if (EdxBusinessMapping.ProblemOf(row, options.CourseKey) is var (cause, sentence))
            {
                aside.Add(new UnreadableRecord(reference, cause, sentence));
            }
            else if (row.HasPassed is true)
            {
                completions.Add(EdxBusinessMapping.Map(source.Name, row, options));
            }
            else
            {
                open.Add((reference, course!, EdxBusinessMapping.KeyOf(row)!));
            }
        }

        HashSet<string> keys = [.. open.Select(o => o.Key)];
        HashSet<string> complete = [.. (await known.OfKeysAsync(keys, ct).ConfigureAwait(false)).Where(k => k.Status == CompletionStatus.Completed).Select(k => k.NaturalKey)];
        aside.AddRange(open.Where(o => complete.Contains(o.Key)).Select(o => new UnreadableRecord(
            o.Reference, "completion-vanished", $"edX shows someone as not passed in {o.Course} who had passed before: nothing is withdrawn; withdraw it by hand if it was wrong.")
        {
            Missing = o.Key,
        }));
        return (completions, aside);
    }

    private static EdxBusinessRow? Row(JsonElement element)
    {
        try
        {
            return element.Deserialize<EdxBusinessRow>(Tolerant.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
