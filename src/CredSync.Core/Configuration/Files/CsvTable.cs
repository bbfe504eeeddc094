using System.Text;

namespace CredSync.Core.Configuration.Files;

/// <summary>A field of a CSV file, with its place.</summary>
/// <param name="Text">Its text, trimmed and without its quotes.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its first character's column, from 1.</param>
internal readonly record struct CsvField(string Text, int Line, int Column);

/// <summary>Reads CSV (RFC 4180, with any separator and any line ends) and remembers where each field stands.</summary>
/// <param name="text">The file's text.</param>
/// <param name="separator">What stands between fields.</param>
internal sealed class CsvTable(string text, char separator)
{
    private readonly StringBuilder quoted = new();
    private int at = text.StartsWith('\ufeff') ? 1 : 0;
    private int line = 1;
    private int lineStart = text.StartsWith('\ufeff') ? 1 : 0;

    /// <summary>Where a quote is that is never closed, or that has text behind it; null while there is none. Nothing is read after it.</summary>
    public (int Line, int Column)? Broken { get; private set; }

    /// <summary>The rows that have anything in them.</summary>
    public IEnumerable<List<CsvField>> Rows()
    {
        while (at < text.Length && Broken is null)
        {
            List<CsvField> row = [];
            bool more = true;
            while (more)
            {
                row.Add(Field());
                more = Broken is null && at < text.Length && text[at] == separator;
                at += more ? 1 : 0;
            }

            EndLine();
            if (Broken is null && (row.Count > 1 || row[0].Text.Length > 0))
            {
                yield return row;
            }
        }
    }

    private CsvField Field()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        int startLine = line, column = at - lineStart + 1;
        if (at < text.Length && text[at] == '"')
        {
            return new CsvField(Quoted(startLine, column).Trim(), startLine, column);
        }

        int start = at;
        while (at < text.Length && text[at] != separator && text[at] is not ('\r' or '\n'))
        {
            at++;
        }

        return new CsvField(text[start..at].Trim(), startLine, column);
    }

    private string Quoted(int startLine, int column)
    {
        quoted.Clear();
        at++;
        while (at < text.Length)
        {
            char c = text[at++];
            if (c == '"')
            {
                if (at < text.Length && text[at] == '"')
                {
                    at++;
                }
                else
                {
                    return Closed();
                }
            }
            else if (c == '\n')
            {
                (line, lineStart) = (line + 1, at);
            }

            quoted.Append(c);
        }

        Broken = (startLine, column);
        return "";
    }

    private string Closed()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        if (at < text.Length && text[at] != separator && text[at] is not ('\r' or '\n'))
        {
            Broken = (line, at - lineStart + 1);
        }

        return quoted.ToString();
    }

    private void EndLine()
    {
        if (at < text.Length && text[at] == '\r')
        {
            at++;
        }

        if (at < text.Length && text[at] == '\n')
        {
            at++;
        }

        line++;
        lineStart = at;
    }
}
