using CredSync.Completions;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Core.People;

namespace CredSync.Core.Configuration.Files;

/// <summary>
/// Makes the people directory of its file. A row that cannot be used is left out with a warning that names its line and column, never what stands there: it is
/// about a person. A file that is not what people.yaml says is an error, so that the last good one stays in force.
/// </summary>
internal sealed class DirectoryBinder(MappingNode settings, ConfigurationFile file, NameTable names, TimeZoneInfo zone, FindingList findings)
{
    // An export that is broken throughout need not be told row by row.
    private const int MostRowFindings = 100;

    private readonly List<(int Column, string Kind, string Source)> identifiers = [];
    private readonly List<(int Column, string Issuer)> consents = [];
    private Dictionary<string, int> headings = [];
    private int width;
    private int rowFindings;
    private int leftOut;

    /// <summary>Makes it; empty when the heading line does not fit, which is reported.</summary>
    public PeopleDirectory Bind()
    {
        var table = new CsvTable(file.Text, settings.Text("separator") switch { "semicolon" => ';', "tab" => '\t', _ => ',' });
        using IEnumerator<List<CsvField>> rows = table.Rows().GetEnumerator();
        if (!rows.MoveNext())
        {
            findings.Add(Codes.DirectoryFile, new FilePosition(file.Path, table.Broken?.Line ?? 1, table.Broken?.Column ?? 1), "The directory has no heading line.", "write the headings of its columns into the first line");
            return PeopleDirectory.Empty;
        }

        int before = findings.Errors;
        ReadHeadings(rows.Current);
        int? id = Heading(settings.Scalar("id"));
        BindColumns();
        int? preferred = Heading(settings.Scalar("preferred_name")), legal = Heading(settings.Scalar("legal_name"));
        int? from = Heading(settings.Scalar("from")), to = Heading(settings.Scalar("to"));
        if (id is null || findings.Errors > before)
        {
            return PeopleDirectory.Empty;
        }

        List<DirectoryEntry> entries = [];
        while (rows.MoveNext())
        {
            if (BindRow(new Row(rows.Current), id.Value, (preferred, legal), (from, to)) is { } entry)
            {
                entries.Add(entry);
            }
        }

        if (table.Broken is var (line, column))
        {
            findings.Add(Codes.DirectoryFile, new FilePosition(file.Path, line, column), "A quote is not closed, or text stands behind it: where the rows end after it cannot be told.", "write each quote inside a quoted field twice");
        }

        if (leftOut > 0)
        {
            findings.Add(Codes.DirectoryRow, new FilePosition(file.Path, 0, 0), $"{leftOut} more rows have mistakes like these.", "correct the export");
        }

        var directory = new PeopleDirectory(entries, zone);
        CheckShared(directory);
        return directory;
    }

    private void ReadHeadings(List<CsvField> first)
    {
        headings = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        width = first.Count;
        for (int i = 0; i < first.Count; i++)
        {
            if (first[i].Text.Length > 0 && !headings.TryAdd(first[i].Text, i))
            {
                findings.Add(Codes.DirectoryFile, new FilePosition(file.Path, first[i].Line, first[i].Column), $"Two columns have the heading '{Show.Text(first[i].Text)}'.", "rename one of them");
            }
        }
    }

    private int? Heading(ScalarNode? setting)
    {
        if (setting is null)
        {
            return null;
        }

        if (headings.TryGetValue(setting.Text.Trim(), out int column))
        {
            return column;
        }

        string[] there = [.. headings.Keys];
        findings.Add(Codes.DirectoryColumn, setting.Position, $"{Show.Text(file.Path)} has no column '{Show.Text(setting.Text)}'.", Suggest.DidYouMean(setting.Text, there) ?? $"its headings are {Show.And(there)}");
        return null;
    }

    private void BindColumns()
    {
        foreach (MappingNode identifier in settings.Sequence("identifiers")?.Items.OfType<MappingNode>() ?? [])
        {
            string? kind = identifier.Text("kind");
            ScalarNode? source = identifier.Scalar("source");
            if (kind is null)
            {
                continue;
            }

            bool scoped = IdentifierKinds.IsScopedToSource(kind);
            if (scoped && source is null)
            {
                findings.Add(Codes.MissingKey, identifier.Position, $"A {kind} means something only at one source, and none is named.", "add source: …");
            }
            else if (!scoped && source is not null)
            {
                findings.Add(Codes.WrongKeys, source.Position, $"'{kind}' means the same at every source.", "remove 'source'");
            }
            else if (source is not null)
            {
                names.Require(FileKind.Source, source, findings);
            }

            if (Heading(identifier.Scalar("column")) is { } column)
            {
                identifiers.Add((column, kind, source?.Text ?? ""));
            }
        }

        foreach (Node node in settings.Sequence("consent")?.Items ?? [])
        {
            var consent = node as MappingNode;
            if (consent?.Scalar("issuer") is { } issuer)
            {
                names.Require(FileKind.Issuer, issuer, findings);
            }

            if (Heading(node as ScalarNode ?? consent?.Scalar("column")) is { } column)
            {
                consents.Add((column, consent?.Text("issuer") ?? ""));
            }
        }
    }

    private DirectoryEntry? BindRow(Row row, int id, (int? Preferred, int? Legal) name, (int? From, int? To) days)
    {
        if (row.Fields.Count < width)
        {
            return Reject(row.Fields[^1], $"The row has {row.Fields.Count} fields, and there are {width} headings.");
        }

        if (row.Text(id) is not { } number)
        {
            return Reject(row.At(id), "The row does not say whom it is about.");
        }

        if (!TryDay(row, days.From, out DateOnly? from) || !TryDay(row, days.To, out DateOnly? to))
        {
            return null;
        }

        if (from > to)
        {
            return Reject(row.At(days.To!.Value), "The row ends before it begins.");
        }

        IdentifierKey key = PersonMatcher.KeyOf(IdentifierKinds.ExternalId, "", number);
        List<IdentifierKey> keys = [key];
        string? email = null;
        foreach ((int column, string kind, string source) in identifiers)
        {
            if (row.Text(column) is not { } value)
            {
                continue;
            }

            if (kind == IdentifierKinds.Email)
            {
                int at = value.IndexOf('@', StringComparison.Ordinal);
                if (at < 1 || at == value.Length - 1 || value.Contains(' ', StringComparison.Ordinal) || value.LastIndexOf('@') != at)
                {
                    return Reject(row.At(column), "This is not an e-mail address.");
                }

                email ??= value;
                keys.Add(PersonMatcher.HashOf(value));
            }

            keys.Add(PersonMatcher.KeyOf(kind, source, value));
        }

        List<ConsentFact> said = [];
        foreach ((int column, string issuer) in consents)
        {
            if (row.Text(column) is { } answer)
            {
                if (Truth(answer) is not { } given)
                {
                    return Reject(row.At(column), "This is neither yes nor no.");
                }

                said.Add(new ConsentFact(issuer, given));
            }
        }

        return new DirectoryEntry
        {
            Id = key,
            Keys = [.. keys.Distinct()],
            From = from,
            To = to,
            PreferredName = row.Text(name.Preferred),
            LegalName = row.Text(name.Legal),
            Email = email,
            Consents = said,
            Line = row.Fields[0].Line,
        };
    }

    private bool TryDay(Row row, int? column, out DateOnly? day)
    {
        day = null;
        if (row.Text(column) is not { } text)
        {
            return true;
        }

        if (!Scalars.TryDate(text, out DateOnly date))
        {
            Reject(row.At(column!.Value), "This is not a date such as 2025-01-31.");
            return false;
        }

        day = date;
        return true;
    }

    private DirectoryEntry? Reject(CsvField field, string sentence)
    {
        if (rowFindings++ < MostRowFindings)
        {
            findings.Add(Codes.DirectoryRow, new FilePosition(file.Path, field.Line, field.Column), $"{sentence} The row is left out.", null);
        }
        else
        {
            leftOut++;
        }

        return null;
    }

    private void CheckShared(PeopleDirectory directory)
    {
        foreach ((IdentifierKey key, DirectoryEntry first, DirectoryEntry second) in directory.Shared().Where(s => s.Key.Kind != IdentifierKinds.EmailSha1).OrderBy(s => s.Second.Line).Take(MostRowFindings))
        {
            findings.Add(Codes.DirectoryShared, new FilePosition(file.Path, second.Line, 1), $"The {key.Kind} of this row is also in line {first.Line}, for somebody else and the same days: nobody is matched by it.", "correct one of the rows, or say from when to when each holds");
        }
    }

    private static bool? Truth(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "y" or "true" or "1" => true,
        "no" or "n" or "false" or "0" => false,
        _ => null,
    };

    private sealed class Row(List<CsvField> fields)
    {
        public List<CsvField> Fields => fields;

        public string? Text(int? column) => column is { } at && at < fields.Count && fields[at].Text.Length > 0 ? fields[at].Text : null;

        public CsvField At(int column) => fields[Math.Min(column, fields.Count - 1)];
    }
}
