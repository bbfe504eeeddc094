using System.CommandLine;
using System.Globalization;
using CredSync.Host.People;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync sources admit</c>: the many new people of a source are people; what is held for it is matched at once.</summary>
internal static class SourcesAdmit
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string>("source") { Description = "The source." };
        var act = new ActOptions();
        var command = new Command("admit", "Lets the new people of a source in that were held because they were too many. Example: credsync sources admit moodle-hr --why 'the new site in Porto'") { name };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            Output output = options.Output(parsed);
            string source = parsed.GetValue(name)!;
            using OpenLedger? open = await OpenLedger.TryAsync(context, options.Settings(parsed), output, ct).ConfigureAwait(false);
            if (open is null)
            {
                return ExitCodes.Usage;
            }

            if (!open.Configuration.Sources.Any(s => s.Name == source))
            {
                throw new UsageException($"No source is called '{source}'; there are: {string.Join(", ", open.Configuration.Sources.Select(s => s.Name))}.");
            }

            RematchCounts counts = await open.Admission.AdmitAsync(source, open.Configuration, act.Who(parsed), act.Why(parsed), ct).ConfigureAwait(false);
            output.Write(new { source, counts }, console => console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{source}: {counts.Matched:N0} of {counts.Looked:N0} held completions have a person now; {counts.Planned:N0} planned, {counts.Held:N0} held by them.")));
            return ExitCodes.Done;
        });
        return command;
    }
}
