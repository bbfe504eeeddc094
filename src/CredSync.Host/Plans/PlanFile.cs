using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CredSync.Core.Plans;

namespace CredSync.Host.Plans;

/// <summary>
/// A plan as a file: one JSON object, with the head on the first line and one change on each line after the second, so that a plan of a million
/// changes is written and read without holding it in memory.
/// </summary>
internal static class PlanFile
{
    private const string HeadBegin = "{\"plan\":";
    private const string HeadEnd = ",";
    private const string ChangesBegin = "\"changes\":[";
    private const string End = "]}";

    /// <summary>The lines of changes; the first of a file has nothing before it, each other one a comma at the end of the line before.</summary>
    public static byte[] Lines(IEnumerable<PlanEffect> effects)
    {
        using var buffer = new MemoryStream();
        foreach (PlanEffect effect in effects)
        {
            buffer.Write(JsonSerializer.SerializeToUtf8Bytes(PlanEntry.Of(effect), PlanJson.Default.PlanEntry));
            buffer.WriteByte((byte)'\n');
        }

        return buffer.ToArray();
    }

    /// <summary>Writes a file whole, or not at all.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="header">The head.</param>
    /// <param name="lines">The lines, from their beginning.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task WriteAsync(string path, PlanHeader header, Stream lines, CancellationToken ct)
    {
        string partial = path + ".partial";
        await using (var file = new StreamWriter(partial, append: false, new UTF8Encoding(false)))
        {
            file.NewLine = "\n";
            await file.WriteLineAsync(HeadBegin + JsonSerializer.Serialize(header, PlanJson.Default.PlanHeader) + HeadEnd).ConfigureAwait(false);
            await file.WriteLineAsync(ChangesBegin).ConfigureAwait(false);
            using var reader = new StreamReader(lines, Encoding.UTF8, leaveOpen: true);
            string? line = await reader.ReadLineAsync(ct).ConfigureAwait(false);
            while (line is not null)
            {
                string? next = await reader.ReadLineAsync(ct).ConfigureAwait(false);
                await file.WriteLineAsync(next is null ? line : line + ",").ConfigureAwait(false);
                line = next;
            }

            await file.WriteLineAsync(End).ConfigureAwait(false);
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Reads the head, and proves that nothing in the file was changed.</summary>
    /// <exception cref="PlanException">It is no plan, or was changed.</exception>
    public static async Task<PlanHeader> ReadAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            throw new PlanException($"There is no plan '{path}'; make one with: credsync plan --out {path}");
        }

        using var reader = new StreamReader(path, Encoding.UTF8);
        PlanHeader header = Head(path, await reader.ReadLineAsync(ct).ConfigureAwait(false));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long changes = 0;
        await foreach (string line in LinesAsync(reader, ct).ConfigureAwait(false))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
            changes++;
        }

        return header.WithId().Id == header.Id && changes == header.Changes && Convert.ToHexStringLower(hash.GetHashAndReset()) == header.Digest
            ? header
            : throw new PlanException($"The plan '{path}' was changed or cut short after it was made; make a new one with: credsync plan --out {path}");
    }

    /// <summary>The changes from a place on, in the order in which they are applied.</summary>
    public static async IAsyncEnumerable<PlanEffect> ChangesAsync(string path, long skip, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        await reader.ReadLineAsync(ct).ConfigureAwait(false);
        await foreach (string line in LinesAsync(reader, ct).ConfigureAwait(false))
        {
            if (skip-- <= 0)
            {
                yield return JsonSerializer.Deserialize(line, PlanJson.Default.PlanEntry)!.ToEffect();
            }
        }
    }

    private static async IAsyncEnumerable<string> LinesAsync(StreamReader reader, [EnumeratorCancellation] CancellationToken ct)
    {
        await reader.ReadLineAsync(ct).ConfigureAwait(false);
        string? line;
        while ((line = await reader.ReadLineAsync(ct).ConfigureAwait(false)) is not null and not End)
        {
            yield return line.EndsWith(',') ? line[..^1] : line;
        }

        // A file that was cut short says so by a line that no plan has.
        if (line is null)
        {
            yield return "";
        }
    }

    private static PlanHeader Head(string path, string? line)
    {
        try
        {
            if (line is not null && line.StartsWith(HeadBegin, StringComparison.Ordinal) && line.EndsWith(HeadEnd, StringComparison.Ordinal)
                && JsonSerializer.Deserialize(line.AsSpan(HeadBegin.Length, line.Length - HeadBegin.Length - HeadEnd.Length), PlanJson.Default.PlanHeader) is { Form: PlanHeader.CurrentForm } header)
            {
                return header;
            }
        }
        catch (JsonException)
        {
            // Said below, as for any other file.
        }

        throw new PlanException($"'{path}' is not a plan as this version of credsync writes them; make one with: credsync plan --out {path}");
    }
}

/// <summary>A plan cannot be applied; the sentence says why and what to do.</summary>
internal sealed class PlanException(string sentence) : Exception(sentence);
