using System.CommandLine;
using CredSync.Host.Operations.Wallets;
using CredSync.Issuers;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync claim</c>: a code by which a learner lets a wallet collect their credentials; or the end of all that was allowed.</summary>
internal static class ClaimCommand
{
    /// <summary>The longest life of a code.</summary>
    public const int LongestDays = 90;

    public static Command Create(CommandContext context, CommonOptions options)
    {
        var person = new Argument<string>("person") { Description = "Whose: an e-mail address, personnel number, login name or subject id." };
        var days = new Option<int>("--days") { Description = $"How long the code can be used, from 1 to {LongestDays}.", DefaultValueFactory = _ => 7 };
        var end = new Option<bool>("--end") { Description = "Makes no code: ends what the person allowed wallets, and codes that were not used." };
        var act = new ActOptions(required: false);
        var command = new Command("claim", "Makes a one-time code by which a learner lets a wallet collect their credentials. Example: credsync claim ada@example.com --days 14") { person, days, end };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed), new Wish(parsed.GetValue(person)!, parsed.GetValue(days), parsed.GetValue(end), act.Who(parsed), act.Why(parsed)), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, Wish wish, Output output, CancellationToken ct)
    {
        if (wish.Days is < 1 or > LongestDays)
        {
            throw new UsageException($"A code can be used for 1 to {LongestDays} days.");
        }

        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        Guid subject = (await open.PersonAsync(wish.Person, ct).ConfigureAwait(false)).Subject;
        if (wish.End)
        {
            (int grants, int codes) = await open.Wallets.EndAsync(subject, wish.Who, wish.Why, ct).ConfigureAwait(false);
            output.Write(new { subject, wallets = grants, codes }, console => console.WriteLine($"Ended: what {grants} wallets were allowed, and {codes} codes."));
            return ExitCodes.Done;
        }

        string[] hosts = [.. open.Issuers.All.Values.OfType<IDocumentPublisher>().Select(p => p.Address).OfType<Uri>().Select(a => a.AbsoluteUri.TrimEnd('/')).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (hosts.Length == 0)
        {
            output.Error("No issuer here has a public address, so no wallet can collect; give the built-in issuer a url, or hand the record over with: credsync export PERSON --clr --out FILE");
            return ExitCodes.Findings;
        }

        string code = WalletSecrets.FreshCode();
        DateTimeOffset expires = open.Time.GetUtcNow().AddDays(wish.Days);
        await open.Wallets.AddClaimAsync(subject, WalletSecrets.DigestOfCode(code), expires, wish.Who, wish.Why, ct).ConfigureAwait(false);
        output.Write(new { subject, code, expires, hosts }, console =>
        {
            console.WriteLine($"Give this code to the person and to nobody else. It works once, until {Words.Time(expires)}:");
            console.Profile.Out.Writer.WriteLine(code);
            console.WriteLine($"In their wallet they connect to the Open Badges 3.0 host {string.Join(" or ", hosts)}, and type the code where they are asked for it.");
        });
        return ExitCodes.Done;
    }

    private sealed record Wish(string Person, int Days, bool End, string Who, string Why);
}
