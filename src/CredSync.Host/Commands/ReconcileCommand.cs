using System.CommandLine;
using System.Globalization;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using CredSync.Issuers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync reconcile</c>: the ledger against issuers that can be asked.</summary>
internal static class ReconcileCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string?>("issuer") { Description = "One issuer; all that can be asked when left out.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<long>("--limit") { Description = "How many credentials of each issuer to ask about at most.", DefaultValueFactory = _ => 1000 };
        var command = new Command("reconcile", "Compares the ledger with issuers that can be asked, changing nothing: 1 when something differs, 4 when one cannot say. Example: credsync reconcile --limit 100") { name, limit };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(name), parsed.GetValue(limit), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string? name, long limit, Output output, CancellationToken ct)
    {
        using IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        IReadOnlyDictionary<string, ICredentialIssuer> all = host.Services.GetRequiredService<IssuerRegistry>().All;
        if (name is not null && !all.ContainsKey(name))
        {
            throw new UsageException($"No issuer is called '{name}'; there are: {string.Join(", ", all.Keys)}.");
        }

        await host.Services.GetRequiredService<ILedger>().MigrateAsync(ct).ConfigureAwait(false);
        var reconciliation = new Reconciliation(host.Services.GetRequiredService<OperatorLedger>());
        var reports = new List<ReconcileReport>();
        var mute = new List<string>();
        foreach ((string issuer, ICredentialIssuer adapter) in all.Where(i => name is null || i.Key == name))
        {
            if (adapter is ICredentialLookup lookup)
            {
                reports.Add(await reconciliation.CompareAsync(issuer, lookup, limit, ct).ConfigureAwait(false));
            }
            else
            {
                mute.Add(issuer);
            }
        }

        output.Write(new { reports, cannotBeAsked = mute }, console =>
        {
            foreach (ReconcileReport report in reports)
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Issuer}: asked about {report.Asked:N0}, {report.Differences.Count:N0} differ."));
                foreach (ReconcileDifference difference in report.Differences)
                {
                    console.WriteLine($"  {difference.Issuance} {difference.Definition} {difference.Kind}: {difference.Sentence}");
                }
            }

            mute.ForEach(m => console.WriteLine($"{m}: cannot be asked what it has minted."));
        });
        IEnumerable<ReconcileDifference> found = reports.SelectMany(r => r.Differences);
        return found.Any(d => d.Kind == "cannot-say") ? ExitCodes.Refused : found.Any() ? ExitCodes.Findings : ExitCodes.Done;
    }
}
