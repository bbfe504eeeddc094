using System.CommandLine;
using CredSync.Host.Operations.Access;

namespace CredSync.Host.Commands;

/// <summary><c>credsync link</c>: the sign-in link of the worker that runs on this machine.</summary>
internal static class LinkCommand
{
    public static Command Create(CommonOptions options)
    {
        var command = new Command("link", "Prints the one-time sign-in link of the worker that runs with this data folder. Example: credsync link --data data");
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            string file = Path.Combine(options.Settings(parsed).DataFolder, OneTimeLinks.FileName);
            if (!File.Exists(file))
            {
                options.Output(parsed).Error($"There is no '{file}'; start the worker first, and name its data folder with --data.");
                return ExitCodes.Unreachable;
            }

            string link = (await File.ReadAllTextAsync(file, ct).ConfigureAwait(false)).Trim();
            options.Output(parsed).Write(new { link }, console => console.Profile.Out.Writer.WriteLine(link));
            return ExitCodes.Done;
        });
        return command;
    }
}
