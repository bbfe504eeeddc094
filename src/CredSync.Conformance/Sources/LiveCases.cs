using CredSync.Completions;
using CredSync.Conformance.Http;
using CredSync.Sources;
using static CredSync.Conformance.Requirement;

namespace CredSync.Conformance.Sources;

/// <summary>The cases that only read. What a live platform changes meanwhile is not held against the source, as far as the platform says that it changed it.</summary>
internal static class LiveCases
{
    public static IEnumerable<ConformanceCase> For(LiveSource source)
    {
        LiveSample sample = new(source);
        yield return new("there is something to read", "Of an empty platform nothing is proven.", ct => SomethingAsync(sample, ct));
        yield return new("completions are whole", "Rules and matching rest on keys, identifiers and plain titles.", async ct => Judgements.Whole(source.Name, (await sample.ReadAsync(ct).ConfigureAwait(false)).Pages));
        yield return new("times are UTC", "A time in the zone of the machine moves when the machine does.", async ct => Judgements.Utc((await sample.ReadAsync(ct).ConfigureAwait(false)).Pages));
        yield return new("every page moves the cursor", "A page whose cursor stays is read for ever.", async ct => Judgements.Moves((await sample.ReadAsync(ct).ConfigureAwait(false)).Pages));
        yield return new("the same reading gives the same completions", "Keys or facts that depend on the moment of reading make duplicates and untrue dates.", ct => SameAsync(source, sample, ct));
        yield return new("resumes from every page's cursor without loss", "The process may end between any two pages.", ct => ResumeAsync(sample, ct));
        yield return new("a foreign cursor says so", "Reading on from a cursor that is not understood skips or repeats without anyone knowing.", ct => Judgements.ForeignAsync(sample.Create, ct));
        yield return new("cancelling ends the reading", "A host that is told to stop must stop, and must not take a cut reading for a complete one.", ct => CancelAsync(source, sample, ct));
        yield return new("no secret is in an address", "Access logs keep addresses.", async ct => Judgements.NoSecretInAddresses(source.Secrets, (await sample.ReadAsync(ct).ConfigureAwait(false)).Addresses));
        yield return new("no secret is in what is yielded", "Cursors and set-aside records are stored and shown.", async ct => Judgements.NoSecretYielded(source.Secrets, (await sample.ReadAsync(ct).ConfigureAwait(false)).Pages));
        foreach (ConformanceCase conformance in OptionsCases.For(source.OptionsType))
        {
            yield return conformance;
        }
    }

    private static async Task SomethingAsync(LiveSample sample, CancellationToken ct)
    {
        IReadOnlyList<SourcePage> pages = (await sample.ReadAsync(ct).ConfigureAwait(false)).Pages;
        Require(pages.Any(page => page.Completions.Count > 0), $"There is no completion on the first {pages.Count} pages.");
    }

    private static async Task SameAsync(LiveSource source, LiveSample sample, CancellationToken ct)
    {
        Readings first = Readings.Of((await sample.ReadAsync(ct).ConfigureAwait(false)).Pages);
        Readings second = new();
        await second.ReadAsync(sample.Create(), ct, source.Pages).ConfigureAwait(false);
        Require(!first.Keys.Any() || first.Keys.Any(key => second.Find(key) is not null), "Two readings from the beginning have no key in common.");
        foreach (CompletionKey key in first.Keys)
        {
            Completion before = first.Find(key)!;
            Require(
                second.Find(key) is not { } after || after.SourceUpdatedAt != before.SourceUpdatedAt || Readings.Content(after) == Readings.Content(before),
                $"Two readings gave different facts for {key.NaturalKey}, and the platform does not say that it changed.");
        }
    }

    private static async Task ResumeAsync(LiveSample sample, CancellationToken ct)
    {
        IReadOnlyList<SourcePage> pages = (await sample.ReadAsync(ct).ConfigureAwait(false)).Pages;
        for (int killedAfter = 1; killedAfter < pages.Count; killedAfter++)
        {
            Readings resumed = Readings.Of(pages.Take(killedAfter));
            await resumed.ReadAsync(sample.Create(), ct, pages.Count - killedAfter).ConfigureAwait(false);
            List<CompletionKey> lost = [.. Readings.Of(pages).Keys.Except(resumed.Keys)];
            Require(lost.Count == 0, $"Resumed after page {killedAfter}, {lost.Count} completions were lost, among them {(lost.Count > 0 ? lost[0].NaturalKey : "")}.");
        }
    }

    private static async Task CancelAsync(LiveSource source, LiveSample sample, CancellationToken ct)
    {
        // Nothing reaches the platform: its first request hangs in front of the network.
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task reading = new Readings().ReadAsync(source.Create(network => new HangingHandler(network, reached)), cancel.Token, pages: 1);
        if (await Task.WhenAny(reached.Task, reading).ConfigureAwait(false) == reading)
        {
            // It does not speak HTTP; so it is cancelled before it begins.
            await reading.ConfigureAwait(false);
            await cancel.CancelAsync().ConfigureAwait(false);
            reading = new Readings().ReadAsync(sample.Create(), cancel.Token, pages: 1);
        }

        await cancel.CancelAsync().ConfigureAwait(false);
        try
        {
            await reading.WaitAsync(source.Patience, source.Time, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return;
        }
        catch (TimeoutException)
        {
            throw new ConformanceException($"A cancelled reading went on for more than {source.Patience.TotalSeconds:0.#} s.");
        }
        catch (Exception fault) when (fault is not ConformanceException && !ct.IsCancellationRequested)
        {
            throw new ConformanceException($"A cancelled reading threw {fault.GetType().Name} instead of an OperationCanceledException.", fault);
        }

        throw new ConformanceException("A cancelled reading ended as if it were complete.");
    }
}
