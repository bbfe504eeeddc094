using System.CommandLine;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary><c>credsync trace</c>: the story of one completion or one issuance, step by step.</summary>
internal static class TraceCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var key = new Argument<string>("key") { Description = "A completion (source/natural-key) or an issuance id." };
        var command = new Command("trace", "Tells the story of one completion or issuance. Example: credsync trace 'moodle-hr/1207|42|1'") { key };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(key)!, options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string key, Output output, CancellationToken ct)
    {
        using IHost host = context.BuildReader(settings);
        ILedger ledger = host.Services.GetRequiredService<ILedger>();
        await ledger.MigrateAsync(ct).ConfigureAwait(false);
        Story? story = await Story.OfAsync(ledger, key, ct).ConfigureAwait(false);
        if (story is null)
        {
            output.Error($"The ledger knows neither a completion nor an issuance '{key}'; completions are written source/natural-key, for example 'moodle-hr/1207|42|1'.");
            return ExitCodes.Findings;
        }

        output.Write(story, story.Draw);
        return ExitCodes.Done;
    }
}
