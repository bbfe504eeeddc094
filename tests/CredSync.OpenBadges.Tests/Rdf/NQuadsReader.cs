using System.Globalization;
using System.Text;
using CredSync.OpenBadges.Rdf;

namespace CredSync.OpenBadges.Tests.Rdf;

/// <summary>Reads N-Quads (RDF 1.1 N-Quads) into a dataset; strict about what it takes, tolerant of white space and comments.</summary>
internal sealed class NQuadsReader
{
    private readonly RdfDataset dataset = new();
    private readonly Dictionary<string, RdfTerm> blanks = [];
    private readonly List<string> names = [];
    private string line = "";
    private int number;
    private int at;

    /// <summary>Reads a document.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="blankNames">The labels of the blank nodes in the text, by their number in the dataset.</param>
    /// <exception cref="CanonicalizationException">A line is not a quad.</exception>
    public static RdfDataset Read(string text, out IReadOnlyList<string> blankNames)
    {
        NQuadsReader reader = new();
        foreach (string next in text.Split('\n'))
        {
            reader.number++;
            reader.line = next.TrimEnd('\r');
            reader.at = 0;
            reader.ReadLine();
        }

        blankNames = reader.names;
        return reader.dataset;
    }

    private void ReadLine()
    {
        SkipSpace();
        if (AtEnd()) return;
        RdfTerm subject = Resource();
        RdfTerm predicate = Iri();
        RdfTerm value = Peek() == '"' ? Literal() : Resource();
        RdfTerm graph = Peek() == '.' ? default : Resource();
        Expect('.');
        if (!AtEnd()) throw Malformed();
        dataset.Add(subject, predicate, value, graph);
    }

    private RdfTerm Resource() => Peek() == '_' ? Blank() : Iri();

    private RdfTerm Blank()
    {
        if (at + 1 >= line.Length || line[at + 1] != ':') throw Malformed();
        int start = at + 2;
        at = start;
        while (at < line.Length && (char.IsLetterOrDigit(line[at]) || line[at] is '_' or '-' or '.' or ':' || char.IsSurrogate(line[at]))) at++;
        while (at > start && line[at - 1] == '.') at--;
        if (at == start) throw Malformed();
        string name = line[start..at];
        if (!blanks.TryGetValue(name, out RdfTerm term))
        {
            term = dataset.NewBlank();
            blanks.Add(name, term);
            names.Add(name);
        }

        SkipSpace();
        return term;
    }

    private RdfTerm Iri()
    {
        string iri = IriText();
        SkipSpace();
        return Store(builder => builder.Append('<').Append(iri).Append('>'));
    }

    private string IriText()
    {
        if (Peek() != '<') throw Malformed();
        int end = line.IndexOf('>', at);
        if (end < 0) throw Malformed();
        string iri = Unescape(line[(at + 1)..end]);
        at = end + 1;
        return iri;
    }

    private RdfTerm Literal()
    {
        int start = ++at;
        while (at < line.Length && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
        if (at >= line.Length) throw Malformed();
        byte[] text = Encoding.UTF8.GetBytes(Unescape(line[start..at]));
        at++;
        byte[] escaped = new byte[text.Length * NQuadsEscape.Widest];
        string inside = Encoding.UTF8.GetString(escaped, 0, NQuadsEscape.Write(text, escaped));
        string suffix = Suffix();
        SkipSpace();
        return Store(builder => builder.Append('"').Append(inside).Append('"').Append(suffix));
    }

    private string Suffix()
    {
        if (Peek() == '@')
        {
            int start = at++;
            while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '-')) at++;
            return line[start..at];
        }

        if (Peek() != '^') return "";
        at += 2;
        string datatype = IriText();
        return datatype == "http://www.w3.org/2001/XMLSchema#string" ? "" : $"^^<{datatype}>";
    }

    private static RdfTerm Store(Action<StringBuilder> write)
    {
        StringBuilder builder = new();
        write(builder);
        byte[] bytes = Encoding.UTF8.GetBytes(builder.ToString());
        return new RdfTerm(bytes, 0, bytes.Length);
    }

    private string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        StringBuilder plain = new();
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\')
            {
                plain.Append(text[index]);
                continue;
            }

            if (++index >= text.Length) throw Malformed();
            int digits = text[index] switch { 'u' => 4, 'U' => 8, _ => 0 };
            if (digits == 0)
            {
                int letter = "tbnrf\"'\\".IndexOf(text[index], StringComparison.Ordinal);
                if (letter < 0) throw Malformed();
                plain.Append("\t\b\n\r\f\"'\\"[letter]);
                continue;
            }

            if (index + digits >= text.Length
                || !int.TryParse(text.AsSpan(index + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
                || !Rune.IsValid(code))
                throw Malformed();
            plain.Append(new Rune(code).ToString());
            index += digits;
        }

        return plain.ToString();
    }

    private char Peek() => at < line.Length ? line[at] : '\0';

    private bool AtEnd() => at >= line.Length || line[at] == '#';

    private void Expect(char symbol)
    {
        if (Peek() != symbol) throw Malformed();
        at++;
        SkipSpace();
    }

    private void SkipSpace()
    {
        while (at < line.Length && line[at] is ' ' or '\t') at++;
    }

    private CanonicalizationException Malformed() => new($"Line {number} is not an N-Quads statement.");
}
