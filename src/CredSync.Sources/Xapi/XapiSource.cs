using System.Runtime.CompilerServices;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;
using CredSync.Sources.Statements;

namespace CredSync.Sources.Xapi;

/// <summary>
/// A learning record store, read verb by verb in the order in which it stored the statements; or statements that producers push here. When something was stored
/// moves the cursor, when it happened dates the completion; the two may lie years apart.
/// </summary>
internal sealed class XapiSource : ICompletionSource, IWebhookSource, ICheckable
{
    private readonly XapiOptions options;
    private readonly TimeProvider time;
    private readonly XapiClient client;
    private readonly XapiReader reader;

    /// <summary>Creates a source.</summary>
    public XapiSource(SourceIdentity source, XapiOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        client = new XapiClient(source, options, clients, settings, time);
        reader = new XapiReader(source, client, options);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        if (options.Address is null)
        {
            // Statements only arrive.
            yield break;
        }

        XapiCursor at = read.Since is { } since ? CursorText.Parse<XapiCursor>(since, client.Who, cursor => cursor.IsValid()) : new XapiCursor();
        string[] verbs = [.. options.Verbs.Append(Statement.Voided).Distinct(StringComparer.Ordinal)];
        int first = at.Verb is null ? 0 : Math.Max(0, Array.IndexOf(verbs, at.Verb) + (at.More is null ? 1 : 0));
        foreach (string verb in verbs.Skip(first))
        {
            at = at.Verb == verb ? at : at with { Verb = verb, More = null, Newest = 0, Through = 0 };
            DateTimeOffset? from = at.Since.TryGetValue(verb, out long ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            PagingGuard paging = new(client.Who);
            bool isStored = at.More is not null;
            do
            {
                if (await client.GetPageAsync(verb, from, at.More, ct).ConfigureAwait(false) is not { } page)
                {
                    // Links end after a while (xAPI 1.0.3 part 3, section 2.1.3): the verb is read again from where all before it was read.
                    at = isStored ? at with { More = null, Newest = 0, Through = 0, Again = at.Again + 1 } : throw HttpFaults.Forgotten(client.Who);
                    page = (await client.GetPageAsync(verb, from, more: null, ct).ConfigureAwait(false))!;
                }

                isStored = false;
                if (page.More is not null)
                {
                    paging.Advance(page.More);
                }

                (IReadOnlyList<Completion> completions, IReadOnlyList<UnreadableRecord> aside) = await reader.MapAsync(page.Rows, null, ct).ConfigureAwait(false);
                at = at with
                {
                    More = page.More,
                    Newest = Math.Max(at.Newest, page.Rows.Max(s => s?.Stored?.UtcTicks) ?? 0),
                    Through = at.Through > 0 ? at.Through : page.Through?.UtcTicks ?? 0,
                };
                if (page.More is null)
                {
                    at = at.AfterVerb(verb, options.Delay, time.GetUtcNow());
                }

                yield return new SourcePage { Completions = completions, Unreadable = aside, Next = CursorText.Write(at) };
            }
            while (at.More is not null);
        }

        at = at with { Verb = null, Again = 0, Readings = at.Readings == int.MaxValue ? 0 : at.Readings + 1 };
        yield return new SourcePage { Completions = [], Next = CursorText.Write(at) };
    }

    /// <inheritdoc/>
    public WebhookReceipt Look(WebhookDelivery delivery) => StatementPush.Look(delivery);

    /// <inheritdoc/>
    public async Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct)
    {
        (IReadOnlyList<Completion> completions, IReadOnlyList<UnreadableRecord> aside) = await reader.MapAsync(StatementPush.Read(delivery), delivery.ReceivedAt, ct).ConfigureAwait(false);
        return new WebhookReading { Completions = completions, Unreadable = aside };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        if (options.Address is null)
        {
            return [new CheckResult("address", CheckOutcome.NotChecked, "There is no address: statements only arrive.")];
        }

        List<CheckResult> results = [];
        foreach (string verb in options.Verbs)
        {
            try
            {
                XapiPage page = (await client.GetPageAsync(verb, null, null, ct).ConfigureAwait(false))!;
                int courses = page.Rows.Count(s => s is not null && XapiMapping.IsCompletion(s, options));
                results.Add(new(verb, CheckOutcome.Passed, $"Statements with this verb can be read; {courses} of the first {page.Rows.Count} are completions of courses."));
                if (page.Through is null && results.All(r => r.Name != "consistent-through"))
                {
                    results.Add(new("consistent-through", CheckOutcome.Warning, $"The store does not say how far it is consistent; the last {options.Delay} are read again each time.", "Nothing, unless it shows statements later than that: then raise 'delay'."));
                }
            }
            catch (SourceException fault)
            {
                results.Add(new(verb, CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again."));
                return results;
            }
        }

        return [.. results, .. client.Clock];
    }
}
