using System.CommandLine;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync sandbox</c>: the play platforms alone, for trying a configuration of one's own against.</summary>
internal static class SandboxCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same learners.", DefaultValueFactory = _ => 1 };
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 8090 };
        var play = new Option<bool>("--play") { Description = "Plays the whole script at once instead of leaving it to its admin address." };
        var command = new Command("sandbox", "Serves the play platforms until stopped. Example: credsync sandbox --port 8090 --play") { seed, port, play };
        command.Options.Add(options.Format);
        command.SetAction((parsed, ct) => RunAsync(context, parsed.GetValue(seed), parsed.GetValue(port), parsed.GetValue(play), options.Output(parsed), ct));
        return command;
    }

    public static async Task<int> RunAsync(CommandContext context, int seed, int port, bool play, Output output, CancellationToken ct)
    {
        PlayWorldFactory factory = context.PlayWorld ?? throw new UsageException("This executable was built without play platforms.");
        await using IPlayWorld world = await factory(seed, port, ct).ConfigureAwait(false);
        while (play && await world.AdvanceAsync(ct).ConfigureAwait(false) is not null)
        {
        }

        output.Write(new { world.Overrides, world.Secrets, world.Description, world.Beside }, console =>
        {
            foreach (string line in world.Description.Concat(world.Beside))
            {
                console.WriteLine(line);
            }

            console.WriteLine("Lead the shipped configuration here with:");

            // A line each, so that nothing is folded in the middle and the whole can be pasted.
            IEnumerable<string> secrets = world.Secrets.Where(s => s.Key.StartsWith("env:", StringComparison.Ordinal)).Select(s => $"{s.Key[4..]}={s.Value}");
            foreach (string part in (string[])[.. secrets, "credsync run", .. world.Overrides.Select(o => $"  --set {o.Key}={o.Value}").SkipLast(1)])
            {
                console.WriteLine($"  {part} \\");
            }

            console.WriteLine($"    --set {world.Overrides.Last().Key}={world.Overrides.Last().Value}");
        });
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCodes.Done;
    }
}
