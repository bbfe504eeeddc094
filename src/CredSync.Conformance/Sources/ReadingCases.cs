using CredSync.Completions;
using CredSync.Conformance.Http;
using CredSync.Sources;
using static CredSync.Conformance.Requirement;
using static CredSync.Conformance.Sources.SourceConformance;

namespace CredSync.Conformance.Sources;

/// <summary>What a reading yields.</summary>
internal static class ReadingCases
{
    public static IEnumerable<ConformanceCase> For(SourceUnderTest source)
    {
        yield return new("everything arrives", "A completion that is left out is a badge that nobody gets.", ct => EverythingAsync(source, ct));
        yield return new("a whole reading shows everything", "What a whole reading does not show is taken for gone.", ct => ShowsEverythingAsync(source, ct));
        yield return new("the same reading gives the same completions", "Keys or facts that depend on the moment of reading make duplicates and untrue dates.", ct => SameAsync(source, ct));
        yield return new("completions are whole", "Rules and matching rest on keys, identifiers and plain titles.", ct => WholeAsync(source, ct));
        yield return new("times are UTC", "A time in the zone of the machine moves when the machine does.", ct => UtcAsync(source, ct));
        yield return new("cancelling ends the reading", "A host that is told to stop must stop, and must not take a cut reading for a complete one.", ct => CancelAsync(source, ct));
        if (source.PlatformWithAnUnreadableRecord is { } platform)
        {
            yield return new("an unreadable record is set aside", "One odd record must not hold up everyone else, nor vanish.", ct => UnreadableAsync(source, platform, ct));
        }
    }

    private static async Task EverythingAsync(SourceUnderTest source, CancellationToken ct)
    {
        Readings readings = await ReadAllAsync(source, ct).ConfigureAwait(false);
        HashSet<string> arrived = [.. readings.Keys.Select(key => key.NaturalKey)];
        Require(source.Holds.All(arrived.Contains), $"Missing: {string.Join(", ", source.Holds.Except(arrived))}.");
        Require(arrived.IsSubsetOf(source.Holds), $"Not on the platform: {string.Join(", ", arrived.Except(source.Holds))}.");
    }

    private static async Task ShowsEverythingAsync(SourceUnderTest source, CancellationToken ct)
    {
        Readings readings = await ReadAllAsync(source, ct).ConfigureAwait(false);

        // Later readings often only ask for what changed.
        await readings.ReadAsync(source.Create(source.Platform()), ct).ConfigureAwait(false);
        HashSet<string>? shown = null;
        foreach (SourcePage page in readings.Pages)
        {
            shown = page.BeginsWhole ? [] : shown;
            shown?.UnionWith(page.Completions.Select(completion => completion.Key.NaturalKey));
            if (page.EndsWhole)
            {
                Require(shown is not null, "A page ends a whole reading that none began.");
                Require(source.Holds.All(shown!.Contains), $"A reading that calls itself whole did not show {string.Join(", ", source.Holds.Except(shown!))}.");
                shown = null;
            }
        }
    }

    private static async Task SameAsync(SourceUnderTest source, CancellationToken ct)
    {
        Readings first = await ReadAllAsync(source, ct).ConfigureAwait(false);
        Readings second = await ReadAllAsync(source, ct).ConfigureAwait(false);
        Require(first.Keys.ToHashSet().SetEquals(second.Keys), "Two readings from the beginning gave different keys.");
        foreach (CompletionKey key in first.Keys)
        {
            Require(Readings.Content(first.Find(key)!) == Readings.Content(second.Find(key)!), $"Two readings gave different facts for {key.NaturalKey}.");
        }
    }

    private static async Task WholeAsync(SourceUnderTest source, CancellationToken ct) =>
        Judgements.Whole(source.Name, (await ReadAllAsync(source, ct).ConfigureAwait(false)).Pages);

    private static async Task UtcAsync(SourceUnderTest source, CancellationToken ct) =>
        Judgements.Utc((await ReadAllAsync(source, ct).ConfigureAwait(false)).Pages);

    private static async Task CancelAsync(SourceUnderTest source, CancellationToken ct)
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<Exception?> reading;
        if (source.SpeaksHttp)
        {
            HangingHandler hanging = new(source.Platform());
            reading = ReadAsync(source.Create(hanging), cancel.Token);
            Task reached = await Task.WhenAny(hanging.Reached, reading).ConfigureAwait(false);
            Require(reached == hanging.Reached, "The reading ended before its first request was answered.");
            await cancel.CancelAsync().ConfigureAwait(false);
        }
        else
        {
            await cancel.CancelAsync().ConfigureAwait(false);
            reading = ReadAsync(source.Create(source.Platform()), cancel.Token);
        }

        try
        {
            Exception? fault = await reading.WaitAsync(source.Patience, source.Time, ct).ConfigureAwait(false);
            Require(fault is OperationCanceledException, fault is null ? "A cancelled reading ended as if it were complete." : $"A cancelled reading threw {fault.GetType().Name} instead of an OperationCanceledException.");
        }
        catch (TimeoutException)
        {
            throw new ConformanceException($"A cancelled reading went on for more than {source.Patience.TotalSeconds:0.#} s.");
        }

        static async Task<Exception?> ReadAsync(ICompletionSource reader, CancellationToken token)
        {
            try
            {
                await new Readings().ReadAsync(reader, token).ConfigureAwait(false);
                return null;
            }
            catch (Exception fault) when (fault is not ConformanceException)
            {
                return fault;
            }
        }
    }

    private static async Task UnreadableAsync(SourceUnderTest source, Func<HttpMessageHandler> platform, CancellationToken ct)
    {
        Readings healthy = await ReadAllAsync(source, ct).ConfigureAwait(false);
        Readings readings = new();
        Exception? fault = await readings.ReadFaultAsync(source.Create(platform()), ct).ConfigureAwait(false);
        Require(fault is null, $"One unreadable record ended the reading with {fault?.GetType().Name}.");
        int more = readings.Pages.Sum(page => page.Unreadable.Count) - healthy.Pages.Sum(page => page.Unreadable.Count);
        Require(more == 1, $"One unreadable record was set aside {more} times.");
        Require(healthy.Keys.Except(readings.Keys).Count() <= 1, "Other completions went missing along with one unreadable record.");
    }
}
