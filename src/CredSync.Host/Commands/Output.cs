using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary>Where a command writes: results to standard output, as text for people or as JSON; progress and remarks to standard error.</summary>
internal sealed class Output
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public Output(bool json, TextWriter? results = null, TextWriter? remarks = null)
    {
        IsJson = json;
        Results = Console(results ?? System.Console.Out);
        Remarks = Console(remarks ?? System.Console.Error);
    }

    /// <summary>Whether results are wanted as JSON.</summary>
    public bool IsJson { get; }

    /// <summary>Results.</summary>
    public IAnsiConsole Results { get; }

    /// <summary>Progress, remarks, errors.</summary>
    public IAnsiConsole Remarks { get; }

    /// <summary>Writes a result as JSON, or lets it be drawn for people.</summary>
    public void Write<T>(T result, Action<IAnsiConsole> draw)
    {
        if (IsJson)
        {
            Results.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(result, Json));
        }
        else
        {
            draw(Results);
        }
    }

    /// <summary>Writes one sentence about what went wrong.</summary>
    public void Error(string sentence) => Remarks.MarkupLineInterpolated($"[red]error:[/] {sentence}");

    /// <summary>Writes a remark.</summary>
    public void Remark(string sentence) => Remarks.WriteLine(sentence);

    /// <summary>A table in the house style.</summary>
    public static Table Table(params ReadOnlySpan<string> columns)
    {
        Table table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        return table;
    }

    /// <summary>Draws a table; where it has no rows, a sentence that says what that means.</summary>
    public static void Draw(IAnsiConsole console, Table table, string whenEmpty)
    {
        if (table.Rows.Count == 0)
        {
            console.WriteLine(whenEmpty);
        }
        else
        {
            console.Write(table);
        }
    }

    private static IAnsiConsole Console(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

        // A pipe has no width; do not fold what another program or a log reads.
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = 200;
        }

        return console;
    }
}
