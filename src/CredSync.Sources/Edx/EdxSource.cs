using System.Runtime.CompilerServices;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Edx;

/// <summary>
/// Open edX, read run by run: the grades tell who passed, the certificate tells when and proves it (source-apis.md sections 2.3 and 2.4). There is no
/// "changed since", so states are compared with what the ledger knows.
/// </summary>
internal sealed class EdxSource : ICompletionSource, IWebhookSource, ICheckable, IDisposable
{
    private readonly SourceIdentity source;
    private readonly EdxOptions options;
    private readonly EdxClient client;

    /// <summary>Creates a source.</summary>
    public EdxSource(SourceIdentity source, EdxOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time)
    {
        this.source = source;
        this.options = options;
        client = new EdxClient(source, options, clients, settings, time);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        EdxCursor at = read.Since is { } since ? CursorText.Parse<EdxCursor>(since, client.Who, cursor => cursor.IsValid()) : new EdxCursor();
        if (options.Courses.Count == 0)
        {
            throw new SourceException(FaultKind.Misconfigured, $"{client.Who} has no 'courses': name the course runs to read, for example course-v1:NorthX+DATA101+2026_T1.");
        }

        foreach (string run in options.Courses.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            int place = string.CompareOrdinal(run, at.Course);
            if (place < 0 || (place == 0 && at.Next is null))
            {
                continue;
            }

            string? next = place == 0 ? at.Next : null;
            PagingGuard paging = new(client.Who);
            bool isStored = next is not null;
            do
            {
                EdxGradePage? grades = await client.GetGradesAsync(run, next, ct).ConfigureAwait(false);
                if (grades is null && next is not null)
                {
                    // A place in a list that is gone: the run is read again from its beginning.
                    at = at with { Again = at.Again + 1 };
                    grades = isStored ? await client.GetGradesAsync(run, next: null, ct).ConfigureAwait(false) : throw HttpFaults.Forgotten(client.Who);
                }

                isStored = false;
                next = grades?.Next is { Length: > 0 } link ? client.SameHost(link) : null;
                if (next is not null)
                {
                    paging.Advance(next);
                }

                EdxRunReader reader = new(source, client, options, run, at.Sweep);
                at = at with { Course = run, Next = next };
                yield return grades is null
                    ? new SourcePage { Completions = [], Unreadable = [Unknown(run)], Next = CursorText.Write(at) }
                    : await reader.ReadAsync(grades, read.Known, CursorText.Write(at), ct).ConfigureAwait(false);
            }
            while (next is not null);
        }

        at = new EdxCursor { Sweep = at.Sweep == int.MaxValue ? 0 : at.Sweep + 1 };
        yield return new SourcePage { Completions = [], Next = CursorText.Write(at) };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        List<CheckResult> results = [];
        if (options.Courses.Count == 0)
        {
            results.Add(new("courses", CheckOutcome.Failed, "No course run is named.", "Name the runs in 'courses'."));
        }

        foreach (string run in options.Courses)
        {
            try
            {
                EdxGradePage? grades = await client.GetGradesAsync(run, next: null, ct).ConfigureAwait(false);
                results.Add(grades is null
                    ? new(run, CheckOutcome.Failed, Unknown(run).Sentence, "Correct 'courses'.")
                    : new(run, CheckOutcome.Passed, "Its grades can be read."));
                if (grades?.Results?.Select(EdxRunReader.Row).FirstOrDefault(row => row is not null) is { } someone)
                {
                    await client.GetCertificateAsync(someone.UserName!, run, ct).ConfigureAwait(false);
                    if (options.Accounts)
                    {
                        await client.GetAccountAsync(someone.UserName!, ct).ConfigureAwait(false);
                    }
                }
            }
            catch (SourceException fault)
            {
                results.Add(new(run, CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again."));
            }
        }

        if (results.Any(r => r.Outcome == CheckOutcome.Passed))
        {
            results.AddRange(client.Clock);
        }

        return results;
    }

    /// <inheritdoc/>
    public WebhookReceipt Look(WebhookDelivery delivery) => EdxHooks.Look(delivery);

    /// <inheritdoc/>
    public Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct) => new EdxHooks(source, client, options).TakeAsync(delivery, known, ct);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static UnreadableRecord Unknown(string run) =>
        new(run, "course-unknown", $"The site does not know the course run {run}, or it has no grades: correct 'courses' with the key that the course's address shows.");
}
