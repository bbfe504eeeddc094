using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CsvHelper;

namespace CredSync.Sources.Csv;

/// <summary>Finds files and takes them apart into rows. Files only, no meaning.</summary>
internal sealed class CsvClient(string who, CsvOptions options, TimeProvider time)
{
    private const int LargestRow = 256 * 1024;

    // What makes a row mean something else when it changes; page size and settling do not.
    private readonly byte[] meaning = JsonSerializer.SerializeToUtf8Bytes(new
    {
        options.Columns, options.Delimiter, options.Encoding, options.Decimal, options.DateFormat, options.TimeZone, options.ScoreMax, options.TrustEmail,
    });

    /// <summary>The source in words.</summary>
    public string Who => who;

    /// <summary>The paths of the files, in the order of their names.</summary>
    /// <exception cref="SourceException">The path is missing or cannot be read.</exception>
    public IReadOnlyList<string> List()
    {
        if (options.Path is not { Length: > 0 } path)
        {
            throw Misconfigured("has no 'path': name a file or a folder.");
        }

        try
        {
            return File.Exists(path) ? [path]
                : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, options.Files).Order(StringComparer.Ordinal)]
                : throw Misconfigured("does not find its path: create the file or folder, or correct 'path'.");
        }
        catch (UnauthorizedAccessException)
        {
            throw Misconfigured("may not read its path: give this process's account the right to read it.");
        }
        catch (IOException)
        {
            throw new SourceException(FaultKind.Outage, $"{who} cannot list its folder: check the drive or share; it is tried again later.");
        }
    }

    /// <summary>Fingerprints a file; null while it is still being written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ct">Cancels the reading.</param>
    public async Task<CsvFile?> OpenAsync(string path, CancellationToken ct)
    {
        try
        {
            DateTime written = File.GetLastWriteTimeUtc(path);
            // A file server's clock may run ahead of this machine's; by more than the settling it says nothing.
            if ((time.GetUtcNow() - written).Duration() < options.Settle)
            {
                return null;
            }

            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            string name = Path.GetFileName(path);
            hash.AppendData(meaning);
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            await using FileStream stream = Open(path);
            byte[] buffer = new byte[81920];
            int read;
            while ((read = await stream.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }

            return File.GetLastWriteTimeUtc(path) == written ? new CsvFile(path, name, Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, 9))) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path);
        }
    }

    /// <summary>The rows of a file after its header.</summary>
    /// <param name="file">The file.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <exception cref="CsvFileException">The file as a whole cannot be taken apart.</exception>
    public async IAsyncEnumerable<CsvRow> ReadAsync(CsvFile file, [EnumeratorCancellation] CancellationToken ct)
    {
        string? problem = null;
        await using CsvReader reader = CsvReader.Create(Open(file.Path), new CsvReaderOptions
        {
            Separator = options.Delimiter switch { "auto" => null, "tab" => '\t', { Length: 1 } one => one[0], _ => throw Misconfigured("has a delimiter of more than one character: write one character, tab or auto.") },
            Encoding = options.Encoding == CsvEncoding.Latin1 ? Encoding.Latin1 : null,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MaxRecordSize = LargestRow,
            OnMalformedRecord = record => problem = Problem(record.Reason),
        }, leaveOpen: false);
        await HeaderAsync(reader, file, ct).ConfigureAwait(false);
        string[] header = [.. reader.Headers];
        Dictionary<string, int> columns = Columns(file, header);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            problem = null;
            if (!await NextAsync(reader, file, ct).ConfigureAwait(false))
            {
                yield break;
            }

            problem ??= !Utf8.IsValid(reader.RawRecord) ? "is not in UTF-8 (save the file as UTF-8, or set 'encoding: latin1')"
                : reader.FieldCount == header.Length ? null
                : string.Create(CultureInfo.InvariantCulture, $"has {reader.FieldCount} fields, the header has {header.Length}");
            yield return new CsvRow(file.Name, reader.LineNumber, problem is null ? Fields(columns, reader) : new Dictionary<string, string>(), problem);
        }
    }

    private async Task HeaderAsync(CsvReader reader, CsvFile file, CancellationToken ct)
    {
        try
        {
            await reader.ReadHeaderAsync(ct).ConfigureAwait(false);
        }
        catch (CsvFormatException)
        {
            throw new CsvFileException("file-malformed", $"{file.Name} has a header that cannot be taken apart: correct its first line.");
        }
        catch (IOException)
        {
            throw Unreadable(file.Path);
        }

        if (reader.Headers.Any(header => header.Contains('\0', StringComparison.Ordinal)))
        {
            throw new CsvFileException("file-malformed", $"{file.Name} is in UTF-16 without a byte-order mark, or is no text at all: save it as UTF-8.");
        }

        if (reader.Headers.Count == 0)
        {
            throw new CsvFileException("file-empty", $"{file.Name} is empty: it needs a header row.");
        }
    }

    private async Task<bool> NextAsync(CsvReader reader, CsvFile file, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(ct).ConfigureAwait(false);
        }
        catch (CsvFormatException)
        {
            throw new CsvFileException("file-malformed", $"{file.Name} has a row of more than {LargestRow / 1024} KiB, most likely an open quotation mark: correct the file.");
        }
        catch (IOException)
        {
            throw Unreadable(file.Path);
        }
    }

    private static string Problem(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "begins a quotation that never ends, so the rows after it cannot be told apart",
        _ => "has a quotation mark in the wrong place",
    };

    private Dictionary<string, int> Columns(CsvFile file, string[] header)
    {
        if (options.Columns.Keys.FirstOrDefault(field => !CsvFields.All.Contains(field)) is { } unknown)
        {
            throw Misconfigured($"names an unknown field '{unknown}' in 'columns': use one of {string.Join(", ", CsvFields.All)}.");
        }

        Dictionary<string, int> columns = [];
        foreach (string field in CsvFields.All)
        {
            bool configured = options.Columns.TryGetValue(field, out string? name);
            int[] places = [.. Enumerable.Range(0, header.Length).Where(i => string.Equals(header[i].Trim(), name ?? field, StringComparison.OrdinalIgnoreCase))];
            if (places.Length > 1)
            {
                throw new CsvFileException("file-header", $"{file.Name} has more than one column '{name ?? field}': rename all but one.");
            }

            if (places.Length == 1)
            {
                columns[field] = places[0];
            }
            else if (configured || field is CsvFields.Course or CsvFields.CompletedAt)
            {
                throw new CsvFileException("file-header", $"{file.Name} has no column '{name ?? field}' for '{field}': add it, or name the right header in 'columns'.");
            }
        }

        return CsvFields.Identifiers.Any(columns.ContainsKey)
            ? columns
            : throw new CsvFileException("file-header", $"{file.Name} has no column that names a person: name the right header in 'columns' for one of {string.Join(", ", CsvFields.Identifiers)}.");
    }

    private static Dictionary<string, string> Fields(Dictionary<string, int> columns, CsvReader reader)
    {
        Dictionary<string, string> fields = [];
        foreach ((string field, int place) in columns)
        {
            string value = reader.GetString(place).Trim();
            if (value.Length > 0)
            {
                fields[field] = value;
            }
        }

        return fields;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 81920, useAsync: true);

    private SourceException Misconfigured(string rest) => new(FaultKind.Misconfigured, $"{who} {rest}");

    private SourceException Unreadable(string path) => new(FaultKind.Outage, $"{who} cannot read {Path.GetFileName(path)}: check its rights and the drive or share; it is tried again later.");
}

/// <summary>A file as a whole cannot be taken apart; other files go on.</summary>
internal sealed class CsvFileException(string cause, string message) : Exception(message)
{
    /// <summary>A stable machine code.</summary>
    public string Cause { get; } = cause;
}
