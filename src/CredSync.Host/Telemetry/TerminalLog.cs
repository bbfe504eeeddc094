using System.Globalization;
using CredSync.Host.Storage;
using Npgsql;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace CredSync.Host.Telemetry;

/// <summary>
/// The log as people read it on a terminal: a line an event. That a database does not answer is one sentence, from whichever library it comes: while it is away
/// everything that asks it says so, and the stacks of all of them would bury the rest. Any other exception is a fault of the program, and keeps its stack. The log file keeps all of them.
/// </summary>
internal sealed class TerminalLog : ITextFormatter
{
    private readonly MessageTemplateTextFormatter line = new("{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        line.Format(logEvent, output);
        if (logEvent.Exception is { } exception)
        {
            output.WriteLine(Outage(exception) is { } sentence ? $"             {sentence}" : exception);
        }
    }

    private static string? Outage(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case StorageException:
                    return e.Message;
                case PostgresException { IsTransient: false }:
                    return null;
                case NpgsqlException:
                    return PostgresErrors.Translate(e, "PostgreSQL").Message;
            }
        }

        return null;
    }
}
