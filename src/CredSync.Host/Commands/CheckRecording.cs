using CredSync.Completions;
using CredSync.Conformance.Http;
using CredSync.Sources;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync check NAME --record FILE</c>: what passes between a source and its platform, without secrets and real people, for the kit to play back.</summary>
internal static class CheckRecording
{
    /// <summary>How many pages are recorded at most when nobody says.</summary>
    public const int Pages = 50;

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string name, string file, int? pages, Output output, CancellationToken ct)
    {
        if (File.Exists(file))
        {
            throw new UsageException($"'{file}' is there already; name a new file.");
        }

        AdapterBench? bench = context.TryBench(settings, name, output);
        if (bench is null)
        {
            return ExitCodes.Usage;
        }

        await using (bench.ConfigureAwait(false))
        {
            TranscriptRecorder? recorder = null;
            ICompletionSource source = bench.Create(network => recorder ??= new TranscriptRecorder(network, [.. bench.Secrets.Select(s => s.Value)]));
            var taken = new Taken();
            try
            {
                if (await taken.ReadAsync(source, pages ?? Pages, ct).ConfigureAwait(false))
                {
                    // The kit also reads from the end, and checks.
                    await taken.ReadAsync(source, pages ?? Pages, ct).ConfigureAwait(false);
                }
            }
            catch (SourceException e)
            {
                output.Error(e.Message);
                return ExitCodes.Unreachable;
            }

            if (source is ICheckable checkable)
            {
                await checkable.CheckAsync(ct).ConfigureAwait(false);
            }

            if (recorder is null)
            {
                throw new UsageException($"'{name}' made no HTTP request, so there is nothing to record.");
            }

            Transcript transcript = recorder.Recorded.WithoutPeople(taken.Completions);
            await File.WriteAllTextAsync(file, transcript.ToJson() + "\n", ct).ConfigureAwait(false);
            Tell(output, file, transcript, taken, bench);
            return ExitCodes.Done;
        }
    }

    private static void Tell(Output output, string file, Transcript transcript, Taken taken, AdapterBench bench)
    {
        Dictionary<string, string> secrets = bench.Secrets.Select((s, index) => (s.Setting, Written: $"SECRET-{index + 1}")).ToDictionary(s => s.Setting, s => s.Written);
        output.Write(new { file, exchanges = transcript.Exchanges.Count, pages = taken.Pages, completions = taken.Completions.Count, whole = taken.Whole, secrets }, console =>
        {
            console.MarkupLineInterpolated($"{file}: {transcript.Exchanges.Count} exchanges, {taken.Pages} pages with {taken.Completions.Count} completions");
            foreach ((string setting, string written) in secrets)
            {
                console.MarkupLineInterpolated($"  {setting} stands in it as {written}: configure the source so where it is played back");
            }
        });
        if (!taken.Whole)
        {
            output.Remark($"There is more than {taken.Pages} pages hold, and the kit reads to the end: record more with --pages, or a smaller part of the platform.");
        }

        output.Remark("Secrets and the people that the adapter read are replaced; look the file through before you keep it.");
    }

    /// <summary>A ledger in memory.</summary>
    private sealed class Taken : IKnownCompletions
    {
        private readonly Dictionary<CompletionKey, Completion> completions = [];
        private Cursor? cursor;

        public List<Completion> Completions => [.. completions.Values];

        /// <summary>How many pages the first reading had.</summary>
        public int Pages { get; private set; }

        /// <summary>Whether the first reading came to its end.</summary>
        public bool Whole { get; private set; }

        public Task<IReadOnlyList<KnownCompletion>> OfCourseAsync(string courseKey, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>(
            [.. completions.Values.Where(c => c.Course.Key == courseKey).Select(c => new KnownCompletion(c.Key.NaturalKey, c.Status, c.CompletedAt))]);

        public Task<IReadOnlyList<KnownCompletion>> OfKeysAsync(IReadOnlyCollection<string> naturalKeys, CancellationToken ct) => Task.FromResult<IReadOnlyList<KnownCompletion>>(
            [.. completions.Values.Where(c => naturalKeys.Contains(c.Key.NaturalKey)).Select(c => new KnownCompletion(c.Key.NaturalKey, c.Status, c.CompletedAt))]);

        public async Task<bool> ReadAsync(ICompletionSource source, int mostPages, CancellationToken ct)
        {
            bool again = Whole;
            int pages = 0;
            await foreach (SourcePage page in source.ReadAsync(new SourceRead { Since = cursor, Known = this }, ct).ConfigureAwait(false))
            {
                if (pages == mostPages)
                {
                    return Whole;
                }

                foreach (Completion completion in page.Completions)
                {
                    completions[completion.Key] = completion;
                }

                cursor = page.Next;
                pages++;
                Pages = again ? Pages : pages;
            }

            return Whole = true;
        }
    }
}
