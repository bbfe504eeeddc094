using System.CommandLine;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync keys</c>: keys of programs that use the interface over HTTP.</summary>
internal static class KeysCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var command = new Command("keys", "Makes, rotates, lists and ends keys of programs. Example: credsync keys ls") { List(context, options), Make(context, options) };
        var days = new Option<int>("--days") { Description = "How long the new key lives.", DefaultValueFactory = _ => 90 };
        command.Subcommands.Add(Change("rotate", "Makes a key like another, which ends a day later; prints the new secret once. Example: credsync keys rotate 0a1b2c3d4e5f --why 'every quarter'", context, options, days, async (keys, id, who, why, output, parsed, ct) =>
            Show(output, await keys.RotateAsync(id, parsed.GetValue(days), TimeSpan.FromHours(24), who, why, ct).ConfigureAwait(false))));
        command.Subcommands.Add(Change("end", "Ends a key at once. Example: credsync keys end 0a1b2c3d4e5f --why 'not used any more'", context, options, null, async (keys, id, who, why, output, _, ct) =>
        {
            await keys.EndAsync(id, who, why, ct).ConfigureAwait(false);
            output.Write(new { ended = id }, console => console.WriteLine($"Key {id} is ended."));
        }));
        return command;
    }

    private static Command List(CommandContext context, CommonOptions options)
    {
        var list = new Command("ls", "Lists keys, never their secrets. Example: credsync keys ls");
        options.AddTo(list);
        list.SetAction(async (parsed, ct) =>
        {
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            IReadOnlyList<KeyLine> keys = await host.Services.GetRequiredService<OperatorLedger>().KeysAsync(ct).ConfigureAwait(false);
            options.Output(parsed).Write(keys, console =>
            {
                Table table = Output.Table("key", "name", "role", "for", "made", "expires", "ended", "last used");
                foreach (KeyLine key in keys)
                {
                    table.AddRow(
                        new Text(key.Id), new Text(key.Name), new Text(key.Role), new Text(key.Scopes.Count == 0 ? "all" : string.Join(", ", key.Scopes)), new Text($"{Words.Time(key.MadeAt)} by {key.MadeBy}"),
                        new Text(Words.Time(key.ExpiresAt)), new Text(Words.Time(key.EndedAt)), new Text(Words.Time(key.LastUsed)));
                }

                Output.Draw(console, table, "There are no keys.");
            });
            return ExitCodes.Done;
        });
        return list;
    }

    private static Command Make(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string>("name") { Description = "What uses it." };
        var role = new Option<string>("--role") { Description = "viewer, operator or admin.", DefaultValueFactory = _ => "viewer" };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        var scopes = new Option<string[]>("--for") { Description = $"Limits it: any of {string.Join(", ", Actor.Scopes)}; all that the role may when left out.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int>("--days") { Description = "How long it lives.", DefaultValueFactory = _ => 90 };
        var act = new ActOptions();
        var make = new Command("make", "Makes a key and prints its secret, once. Example: credsync keys make report --role viewer --days 30 --why 'monthly report'") { name, role, scopes, days };
        act.AddTo(make);
        options.AddTo(make);
        make.SetAction(async (parsed, ct) =>
        {
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            var keys = new ApiKeys(host.Services.GetRequiredService<OperatorLedger>(), host.Services.GetRequiredService<TimeProvider>());
            Show(options.Output(parsed), await Ask.PageAsync(
                () => keys.MakeAsync(parsed.GetValue(name)!, parsed.GetValue(role)!, parsed.GetValue(scopes) ?? [], parsed.GetValue(days), act.Who(parsed), act.Why(parsed), ct)).ConfigureAwait(false));
            return ExitCodes.Done;
        });
        return make;
    }

    private static Command Change(string verb, string summary, CommandContext context, CommonOptions options, Option? more, Func<ApiKeys, string, string, string, Output, ParseResult, CancellationToken, Task> change)
    {
        var id = new Argument<string>("key") { Description = "The key's id." };
        var act = new ActOptions();
        var command = new Command(verb, summary) { id };
        if (more is not null)
        {
            command.Options.Add(more);
        }

        act.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using IHost host = await FailuresCommand.OpenAsync(context, options.Settings(parsed), ct).ConfigureAwait(false);
            var keys = new ApiKeys(host.Services.GetRequiredService<OperatorLedger>(), host.Services.GetRequiredService<TimeProvider>());
            await Ask.PageAsync(async () =>
            {
                await change(keys, parsed.GetValue(id)!, act.Who(parsed), act.Why(parsed), options.Output(parsed), parsed, ct).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(Output output, (KeyLine Key, string Secret) made) => output.Write(new { key = made.Key, secret = made.Secret }, console =>
    {
        console.WriteLine($"Key {made.Key.Id} ({made.Key.Name}), {made.Key.Role}, until {Words.Time(made.Key.ExpiresAt)}. Its secret, shown this once:");
        console.Profile.Out.Writer.WriteLine(made.Secret);
    });
}
