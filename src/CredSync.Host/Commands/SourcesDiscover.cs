using System.CommandLine;
using System.Globalization;
using CredSync.Host.Intake;
using CredSync.Host.Operations;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync sources discover</c>: which courses a source has completions of, with the keys that rules match on. Reads only, stores nothing.</summary>
internal static class SourcesDiscover
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string>("source") { Description = "The source." };
        var pages = new Option<int>("--pages") { Description = "How many pages to read at most.", DefaultValueFactory = _ => SourceDesk.UsualPages };
        var command = new Command("discover", "Lists the courses that a source has completions of, with keys and titles to write rules from; stores nothing. Example: credsync sources discover moodle-hr") { name, pages };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(name)!, parsed.GetValue(pages), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string name, int pages, Output output, CancellationToken ct)
    {
        if (pages is < 1 or > SourceDesk.MostPages)
        {
            throw new UsageException($"--pages is from 1 to {SourceDesk.MostPages}.");
        }

        using IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        try
        {
            (_, IReadOnlyList<DiscoveredCourse> courses, bool more) = await Ask.PageAsync(() => host.Services.GetRequiredService<SourceDesk>().DiscoverAsync(name, pages, null, ct)).ConfigureAwait(false);
            output.Write(new { source = name, courses, more }, console =>
            {
                Table table = Output.Table("key", "title", "kind", "completions", "newest");
                foreach (DiscoveredCourse course in courses)
                {
                    table.AddRow(
                        new Text(course.Key), new Text(course.Title ?? ""), new Text(course.Kind.ToString().ToLowerInvariant()), new Text(course.Completions.ToString(CultureInfo.InvariantCulture)),
                        new Text(course.Newest is { } newest ? Words.Day(newest) : "–"));
                }

                Output.Draw(console, table, "No completion of any course was found. If the platform has some, look what the source makes of its first page: credsync sources check " + name);
            });
            if (more)
            {
                output.Remark($"There is more than {pages} pages hold; read further with --pages.");
            }

            return ExitCodes.Done;
        }
        catch (SourceException e)
        {
            output.Error(e.Message);
            return ExitCodes.Unreachable;
        }
    }
}
