using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.HttpJson;

/// <summary>Any JSON API, described by settings alone.</summary>
internal sealed class HttpJsonSource : ICompletionSource, ICheckable, IDisposable
{
    private readonly HttpJsonOptions options;
    private readonly TimeProvider time;
    private readonly HttpJsonClient client;
    private readonly HttpJsonMapping mapping;

    /// <summary>Creates a source.</summary>
    public HttpJsonSource(SourceIdentity source, HttpJsonOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        client = new HttpJsonClient(source, options, clients, settings, time);
        mapping = new HttpJsonMapping(source.Name, options);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        HttpJsonCursor at = read.Since is { } stored ? CursorText.Parse<HttpJsonCursor>(stored, client.Who, cursor => cursor.IsValid()) : new HttpJsonCursor();

        // Frozen for the reading: a filter that moved between pages would shift them.
        DateTimeOffset? since = at.Newest > options.Overlap.Ticks ? new DateTimeOffset(at.Newest, TimeSpan.Zero) - options.Overlap : null;
        PagingGuard paging = new(client.Who);
        bool isStored = at.Page is not null;
        do
        {
            if (await client.GetPageAsync(at.Page, since, ct).ConfigureAwait(false) is not { } page)
            {
                page = await AfterUnknownAsync(isStored, since, ct).ConfigureAwait(false);
                at = IsCounted ? at : at with { Page = null, Seen = 0, Rows = 0, Again = at.Again + 1 };
            }

            isStored = false;
            Guard(paging, page);
            (List<Completion> completions, List<UnreadableRecord> aside) = Map(page.Records, at.Page, at.Rows);
            bool begins = at.Page is null;
            long seen = Math.Max(at.Seen, page.Records.Max(SeenAt) ?? 0);
            at = page.Next is null
                ? new HttpJsonCursor { Readings = at.Readings == int.MaxValue ? 0 : at.Readings + 1, Newest = Math.Max(at.Newest, seen) }
                : at with { Page = page.Next, Seen = seen, Rows = at.Rows + page.Records.Count };

            // Without a filter the reading shows all that there is.
            bool isWhole = options.SinceParameter is null || since is null;
            yield return new SourcePage { Completions = completions, Unreadable = aside, BeginsWhole = isWhole && begins, EndsWhole = isWhole && at.Page is null, Next = CursorText.Write(at) };
        }
        while (at.Page is not null);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            HttpJsonPage page = (await client.GetPageAsync(null, null, ct).ConfigureAwait(false))!;
            (List<Completion> completions, List<UnreadableRecord> aside) = Map(page.Records, null, 0);
            List<CheckResult> results = [new("address", CheckOutcome.Passed, $"The first page can be read; it holds {page.Records.Count} records, {completions.Count} of them completions.")];
            if (options.Paging != HttpJsonPaging.None)
            {
                results.Add(await CheckPagingAsync(page, ct).ConfigureAwait(false));
            }

            results.AddRange(aside.DistinctBy(a => a.Cause).Select(a => new CheckResult(a.Cause, CheckOutcome.Warning, a.Sentence, a.Cause == "record-time-malformed" ? "Correct 'time_format', or the path of 'completed_at'." : "Correct 'fields' or 'completed_when'.")));
            results.AddRange(client.Clock);
            return results;
        }
        catch (SourceException fault)
        {
            return [new CheckResult("address", CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again.")];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    // A path beside the mark looks like the last page, and an API that does not know the parameter gives the first page again: both would end a reading early and say nothing.
    private async Task<CheckResult> CheckPagingAsync(HttpJsonPage first, CancellationToken ct)
    {
        const string Name = "paging";
        if (first.Next is null)
        {
            return IsCounted || first.Records.Count == 0
                ? new(Name, CheckOutcome.NotChecked, "There is nothing on the first page, so that there can be no other.")
                : new(Name, CheckOutcome.NotChecked, "The first page names no next one.", $"If there are more records than these, correct {(options.Next is null ? "'paging'" : "'next'")}.");
        }

        HttpJsonPage? second = await client.GetPageAsync(first.Next, null, ct).ConfigureAwait(false);
        return second is { Records.Count: > 0 } && second.Records[0].GetRawText() == first.Records[0].GetRawText()
            ? new(Name, CheckOutcome.Failed, "The second page is the first one again: the API does not understand how it is asked for.", "Correct 'paging' and 'page_parameter' after the API's own page.")
            : new(Name, CheckOutcome.Passed, second is { Records.Count: > 0 } ? "The second page is another one." : "There is no second page.");
    }

    private bool IsCounted => options.Paging is HttpJsonPaging.Page or HttpJsonPaging.Offset;

    // Beyond the last number there is nothing more; a link or cursor that was stored and is forgotten is read again from the beginning of the reading.
    private async Task<HttpJsonPage> AfterUnknownAsync(bool isStored, DateTimeOffset? since, CancellationToken ct) =>
        IsCounted ? new HttpJsonPage([], null)
        : isStored ? (await client.GetPageAsync(null, since, ct).ConfigureAwait(false))!
        : throw HttpFaults.Forgotten(client.Who);

    // An API that does not know the parameter for the number of a page gives the first one for ever.
    private void Guard(PagingGuard paging, HttpJsonPage page)
    {
        if (page.Next is not null)
        {
            paging.Advance(IsCounted ? page.Records[0].GetRawText() : page.Next);
        }
    }

    // What is dated ahead of the clock must not move the place to go on from beyond what comes in next.
    private long? SeenAt(JsonElement record) => mapping.UpdatedAt(record) is { } at && at <= time.GetUtcNow() ? at.UtcTicks : 0;

    private (List<Completion> Completions, List<UnreadableRecord> Aside) Map(IReadOnlyList<JsonElement> records, string? page, long before)
    {
        List<Completion> completions = [];
        List<UnreadableRecord> aside = [];
        for (int i = 0; i < records.Count; i++)
        {
            // Cursors and links are opaque and may hold anything; numbers of pages tell where to look, and so does how many records came before.
            string reference = options.Paging == HttpJsonPaging.Page && page is not null
                ? string.Create(CultureInfo.InvariantCulture, $"record {i + 1} of page {page}")
                : string.Create(CultureInfo.InvariantCulture, $"record {before + i + 1}");
            (Completion? completion, UnreadableRecord? unreadable) = mapping.Map(records[i], reference);
            if (completion is not null)
            {
                completions.Add(completion);
            }

            if (unreadable is not null)
            {
                aside.Add(unreadable);
            }
        }

        return (completions, aside);
    }
}
