using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using CredSync.Completions;
using CredSync.Registration;

namespace CredSync.Sources.Csv;

/// <summary>
/// Completions in CSV files. A file is read once for each content that it has: delivering it again unchanged does nothing, delivering it corrected revises
/// what it says. A row that is no longer there withdraws nothing.
/// </summary>
internal sealed class CsvSource(SourceIdentity source, CsvOptions options, TimeProvider time) : ICompletionSource, ICheckable
{
    private readonly CsvClient client = new($"CSV (source '{source.Name}')", options, time);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        CsvCursor at = read.Since is { } since
            ? CursorText.Parse<CsvCursor>(since, client.Who, cursor => cursor is { Version: CsvCursor.CurrentVersion, Row: >= 0, Print: not null, Done: not null })
            : new CsvCursor();
        CsvMapping mapping = new(source.Name, options, Zone());
        List<CsvFile> files = [];
        foreach (string path in client.List())
        {
            if (await client.OpenAsync(path, ct).ConfigureAwait(false) is { } file)
            {
                files.Add(file);
            }
        }

        at = at.Keep(files.Select(file => file.Print).ToHashSet());
        foreach (CsvFile file in files.Where(file => !at.IsDone(file.Print)))
        {
            await foreach ((SourcePage page, CsvCursor next) in ReadAsync(file, at, mapping, ct).ConfigureAwait(false))
            {
                at = next;
                yield return page;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        List<CheckResult> results = [];
        try
        {
            Zone();
            IReadOnlyList<string> paths = client.List();
            results.Add(paths.Count > 0
                ? new("path", CheckOutcome.Passed, $"{paths.Count} files are there.")
                : new("path", CheckOutcome.Warning, "No file is there that matches 'files'.", "Deliver a file, or correct 'files'."));
            foreach (string path in paths.TakeLast(5))
            {
                results.Add(await CheckAsync(path, ct).ConfigureAwait(false));
            }
        }
        catch (SourceException fault)
        {
            results.Add(new("path", CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again."));
        }

        return results;
    }

    private async Task<CheckResult> CheckAsync(string path, CancellationToken ct)
    {
        string name = Path.GetFileName(path);
        try
        {
            await foreach (CsvRow _ in client.ReadAsync(new CsvFile(path, name, ""), ct).ConfigureAwait(false))
            {
                break;
            }

            return new(name, CheckOutcome.Passed, "Its header has the columns that are needed.");
        }
        catch (CsvFileException problem)
        {
            return new(name, CheckOutcome.Failed, problem.Message, "Do what the sentence says, then check again.");
        }
    }

    private async IAsyncEnumerable<(SourcePage Page, CsvCursor Next)> ReadAsync(
        CsvFile file, CsvCursor at, CsvMapping mapping, [EnumeratorCancellation] CancellationToken ct)
    {
        long skip = at.Print == file.Print ? at.Row : 0;
        long row = 0;
        List<Completion> completions = [];
        List<UnreadableRecord> aside = [];
        await using IAsyncEnumerator<CsvRow> rows = client.ReadAsync(file, ct).GetAsyncEnumerator(ct);
        while (await NextAsync(rows, aside, file).ConfigureAwait(false))
        {
            if (++row <= skip)
            {
                continue;
            }

            if (mapping.TryMap(rows.Current, out Completion? completion, out UnreadableRecord? unreadable))
            {
                completions.Add(completion!);
            }
            else
            {
                aside.Add(unreadable!);
            }

            if (completions.Count + aside.Count == options.PageSize)
            {
                at = at with { Print = file.Print, Row = row };
                yield return (new SourcePage { Completions = completions, Unreadable = aside, Next = CursorText.Write(at) }, at);
                (completions, aside) = ([], []);
            }
        }

        at = at.Finish(file.Print);
        yield return (new SourcePage { Completions = completions, Unreadable = aside, Next = CursorText.Write(at) }, at);
    }

    /// <summary>The next row; a file that cannot be taken apart any further ends here, with a record that says why.</summary>
    private static async Task<bool> NextAsync(IAsyncEnumerator<CsvRow> rows, List<UnreadableRecord> aside, CsvFile file)
    {
        try
        {
            return await rows.MoveNextAsync().ConfigureAwait(false);
        }
        catch (CsvFileException problem)
        {
            aside.Add(new UnreadableRecord(file.Name, problem.Cause, problem.Message));
            return false;
        }
    }

    private TimeZoneInfo Zone() => TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out TimeZoneInfo? zone)
        ? zone
        : throw new SourceException(FaultKind.Misconfigured, $"{client.Who} names a time zone that this machine does not know: write an IANA name such as Europe/Berlin in 'time_zone'.");
}

/// <summary>Which files were read, and how far into the one under way.</summary>
internal sealed record CsvCursor
{
    public const int CurrentVersion = 1;
    private const int PrintLength = 12;

    /// <summary>Version of this text.</summary>
    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Fingerprint of the file under way; empty for none.</summary>
    [JsonPropertyName("print")]
    public string Print { get; init; } = "";

    /// <summary>Rows of it that were read.</summary>
    [JsonPropertyName("row")]
    public long Row { get; init; }

    /// <summary>How many files were finished so far; makes each cursor differ from the one before.</summary>
    [JsonPropertyName("finished")]
    public long Finished { get; init; }

    /// <summary>
    /// Fingerprints of finished files, one after another, the newest last. Only as many as a cursor holds: a file whose fingerprint fell out is read again
    /// when it is still there, which is harmless.
    /// </summary>
    [JsonPropertyName("done")]
    public string Done { get; init; } = "";

    /// <summary>Whether a file was read to its end.</summary>
    public bool IsDone(string print) => Prints().Contains(print);

    /// <summary>Forgets files that are not there any more.</summary>
    public CsvCursor Keep(IReadOnlySet<string> present) => this with { Done = string.Concat(Prints().Where(present.Contains)) };

    /// <summary>The cursor after a file was read to its end.</summary>
    public CsvCursor Finish(string print)
    {
        string done = Done + print;
        int most = (Cursor.MaxLength - 160) / PrintLength * PrintLength;
        return this with { Print = "", Row = 0, Finished = Finished + 1, Done = done.Length > most ? done[^most..] : done };
    }

    private IEnumerable<string> Prints() => Enumerable.Range(0, Done.Length / PrintLength).Select(i => Done.Substring(i * PrintLength, PrintLength));
}
