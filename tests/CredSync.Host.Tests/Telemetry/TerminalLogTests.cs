using System.Net.Sockets;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Npgsql;
using Serilog.Events;
using Serilog.Parsing;

namespace CredSync.Host.Tests.Telemetry;

public sealed class TerminalLogTests
{
    public static TheoryData<Exception, string> Outages => new()
    {
        { new InvalidOperationException("Could not look for jobs.", new NpgsqlException("No.", new SocketException((int)SocketError.ConnectionRefused))), "PostgreSQL cannot be reached: nothing answers there; check Host and Port, and that the server runs." },
        { new PostgresException("Going down.", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown), "PostgreSQL is shutting down; it is tried again." },
        { new StorageException("The queue at example cannot be reached.", new SocketException((int)SocketError.ConnectionRefused)), "The queue at example cannot be reached." },
    };

    [Theory, MemberData(nameof(Outages))]
    public void That_something_does_not_answer_is_a_sentence_below_its_line(Exception exception, string sentence) =>
        Written(exception).ShouldBe($"10:00:00 ERR Looked in vain\n             {sentence}\n");

    [Fact]
    public void A_fault_of_the_program_keeps_its_stack()
    {
        Exception thrown = Should.Throw<InvalidOperationException>(() => throw new InvalidOperationException("No.", new PostgresException("No such column.", "ERROR", "ERROR", PostgresErrorCodes.UndefinedColumn)));
        Written(thrown).ShouldContain("at CredSync.Host.Tests.Telemetry.TerminalLogTests");
        Written(null).ShouldBe("10:00:00 ERR Looked in vain\n");
    }

    private static string Written(Exception? exception)
    {
        var output = new StringWriter { NewLine = "\n" };
        new TerminalLog().Format(new LogEvent(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero), LogEventLevel.Error, exception, new MessageTemplateParser().Parse("Looked in vain"), []), output);
        return output.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
