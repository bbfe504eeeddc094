using CredSync.Completions;
using CredSync.Sources;
using static CredSync.Conformance.Requirement;
using static CredSync.Conformance.Sources.SourceConformance;

namespace CredSync.Conformance.Sources;

/// <summary>What cursors are for: going on after a crash, in another process.</summary>
internal static class CursorCases
{
    public static IEnumerable<ConformanceCase> For(SourceUnderTest source)
    {
        yield return new("resumes from every page's cursor without loss", "The process may end between any two pages.", ct => ResumeAsync(source, ct));
        yield return new("every page moves the cursor", "A page whose cursor stays is read for ever.", ct => MovesAsync(source, ct));
        yield return new("a reading at the end finds nothing new", "A poll that makes news of old facts issues badges again.", ct => NothingNewAsync(source, ct));
        yield return new("a foreign cursor says so", "Reading on from a cursor that is not understood skips or repeats without anyone knowing.", ct => ForeignAsync(source, ct));
        if (source.OldCursors.Count > 0)
        {
            yield return new("old cursors still load", "An upgrade must not stop a source.", ct => OldAsync(source, ct));
        }
    }

    private static async Task ResumeAsync(SourceUnderTest source, CancellationToken ct)
    {
        Readings whole = await ReadAllAsync(source, ct).ConfigureAwait(false);
        for (int killedAfter = 1; killedAfter < whole.Pages.Count; killedAfter++)
        {
            Readings readings = new();
            await readings.ReadAsync(source.Create(source.Platform()), ct, killedAfter).ConfigureAwait(false);
            await readings.ReadAsync(source.Create(source.Platform()), ct).ConfigureAwait(false);
            List<string> lost = [.. whole.Keys.Except(readings.Keys).Select(key => key.NaturalKey)];
            Require(lost.Count == 0, $"Resumed after page {killedAfter}, these were lost: {string.Join(", ", lost)}.");
        }
    }

    private static async Task MovesAsync(SourceUnderTest source, CancellationToken ct) =>
        Judgements.Moves((await ReadAllAsync(source, ct).ConfigureAwait(false)).Pages);

    private static async Task NothingNewAsync(SourceUnderTest source, CancellationToken ct)
    {
        Readings readings = await ReadAllAsync(source, ct).ConfigureAwait(false);
        Dictionary<CompletionKey, string> before = readings.Keys.ToDictionary(key => key, key => Readings.Content(readings.Find(key)!));
        int pages = readings.Pages.Count;
        await readings.ReadAsync(source.Create(source.Platform()), ct).ConfigureAwait(false);
        foreach (Completion completion in readings.Pages.Skip(pages).SelectMany(page => page.Completions))
        {
            Require(before.TryGetValue(completion.Key, out string? content), $"{completion.Key.NaturalKey} is new although nothing happened.");
            Require(content == Readings.Content(completion), $"{completion.Key.NaturalKey} changed although nothing happened.");
        }
    }

    private static Task ForeignAsync(SourceUnderTest source, CancellationToken ct) => Judgements.ForeignAsync(() => source.Create(source.Platform()), ct);

    private static async Task OldAsync(SourceUnderTest source, CancellationToken ct)
    {
        foreach (string old in source.OldCursors)
        {
            Exception? fault = await Readings.From(new Cursor(old)).ReadFaultAsync(source.Create(source.Platform()), ct).ConfigureAwait(false);
            Require(fault is null, $"The old cursor {old} no longer loads: {fault?.Message}");
        }
    }
}
