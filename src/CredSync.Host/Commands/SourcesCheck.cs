using System.CommandLine;
using CredSync.Core.Configuration;
using CredSync.Core.Polling;
using CredSync.Host.Intake;
using CredSync.Host.Intake.Hooks;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary><c>credsync sources check</c>: what the adapter proves of its platform, whether what it brings is as new as expected, and whether deliveries pile up.</summary>
internal static class SourcesCheck
{
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(10);

    public static Command Create(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string?>("source") { Description = "The source; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "Proves address, credentials, rights and freshness of sources, changing nothing there. Example: credsync sources check moodle-hr") { name };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, options.Settings(parsed), parsed.GetValue(name), options.Output(parsed), ct));
        return command;
    }

    /// <summary>What the ledger tells of a source beside what its platform says.</summary>
    public static IEnumerable<CheckResult> OfLedger(SourceDefinition source, SourceState state, DeliveryCount? deliveries, DateTimeOffset now)
    {
        if (state.PausedBecause is { } reason)
        {
            yield return new("paused", CheckOutcome.Warning, $"It is paused: {reason}", $"credsync sources resume {source.Name}");
        }

        yield return Freshness.Problem(source.Name, source.ExpectedFreshness, state.NewestCompletion, state.LastSuccess, now) is { } stale
            ? new("freshness", CheckOutcome.Warning, stale, "Do what the sentence says.")
            : state.LastSuccess is null ? new("freshness", CheckOutcome.NotChecked, "It was not read to its end so far.")
            : state.NewestCompletion is null ? new("freshness", CheckOutcome.NotChecked, "It was read to its end and gave no completion so far.", "If there should be some, look what was set aside: credsync failures --by source")
            : new("freshness", CheckOutcome.Passed, $"Its newest completion is of {Words.Time(state.NewestCompletion)}.");
        if (source.Webhook is null)
        {
            yield break;
        }

        yield return deliveries is { OldestWaiting: { } oldest } && now - oldest > LongWait
            ? new("deliveries", CheckOutcome.Warning, $"{deliveries.Waiting} deliveries wait, the oldest since {Words.Time(oldest)}.", $"Look why: credsync replay {source.Name} --preview")
            : new("deliveries", CheckOutcome.Passed, $"{deliveries?.Waiting ?? 0} deliveries wait.");
        if (deliveries is { SetAside: > 0 })
        {
            yield return new("deliveries set aside", CheckOutcome.Warning, $"{deliveries.SetAside} deliveries could not be taken.", $"Look why: credsync replay {source.Name} --set-aside --preview");
        }
    }

    /// <summary>Whether deliveries could be proven: without this, whoever looks after the sender learns of a missing secret from refusals.</summary>
    /// <param name="webhook">How the source takes deliveries.</param>
    /// <param name="secrets">Reads its secrets.</param>
    /// <param name="canVerify">Whether there is something here that checks Ed25519 signatures.</param>
    public static CheckResult OfWebhook(WebhookDefinition webhook, HookSecrets secrets, bool canVerify)
    {
        const string Name = "deliveries proven";
        try
        {
            secrets.Of(webhook);
            return webhook.PublicKeys.Count > 0 && !canVerify
                ? new(Name, CheckOutcome.Failed, "This executable has nothing to check Ed25519 signatures with, which 'public_keys' needs.", "Register the Open Badges issuer, which brings it, or an IEd25519Verifier of your own.")
                : new(Name, CheckOutcome.Passed, webhook.Proof == WebhookProof.None ? "Nothing proves them; the adapter reads again before it believes them." : "What proves them is there.");
        }
        catch (InvalidOperationException fault)
        {
            return new(Name, CheckOutcome.Failed, fault.Message, "Until then every delivery is answered 503, and its sender asked to come again.");
        }
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string? name, Output output, CancellationToken ct)
    {
        using IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        SourceDefinition[] sources = [.. host.Services.GetRequiredService<ActiveConfiguration>().Current.Sources];
        SourceDefinition[] wanted = [.. sources.Where(s => name is null || s.Name == name)];
        if (wanted.Length == 0)
        {
            throw new UsageException($"No source is called '{name}'; there are: {string.Join(", ", sources.Select(s => s.Name))}.");
        }

        ILedger ledger = host.Services.GetRequiredService<ILedger>();
        await ledger.MigrateAsync(ct).ConfigureAwait(false);
        IReadOnlyList<SourceState> states = await ledger.EnsureSourcesAsync([.. wanted.Select(s => s.Name)], ct).ConfigureAwait(false);
        IReadOnlyList<DeliveryCount> counts = await ledger.CountDeliveriesAsync(ct).ConfigureAwait(false);
        DateTimeOffset now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var reports = new List<(string Source, IReadOnlyList<CheckResult> Checks)>();
        foreach (SourceDefinition source in wanted)
        {
            IReadOnlyList<CheckResult> platform = host.Services.GetRequiredService<SourceRegistry>().Find(source.Name) is ICheckable checkable
                ? await checkable.CheckAsync(ct).ConfigureAwait(false)
                : [new CheckResult("check", CheckOutcome.NotChecked, "This adapter has nothing that can be checked without using it.")];
            IReadOnlyList<CheckResult> door = source.Webhook is { } webhook
                ? [OfWebhook(webhook, host.Services.GetService<HookSecrets>() ?? new HookSecrets(TimeProvider.System), host.Services.GetService<IEd25519Verifier>() is not null)]
                : [];
            reports.Add((source.Name, [.. platform, .. door, .. OfLedger(source, states.Single(s => s.Name == source.Name), counts.FirstOrDefault(c => c.Source == source.Name), now)]));
        }

        output.Write(reports.Select(r => new { source = r.Source, checks = r.Checks }), console =>
        {
            foreach ((string source, IReadOnlyList<CheckResult> checks) in reports)
            {
                Spectre.Console.AnsiConsoleExtensions.WriteLine(console, source);
                CheckList.Draw(console, checks);
            }
        });
        return reports.Any(r => r.Checks.Any(c => c.Outcome == CheckOutcome.Failed)) ? ExitCodes.Unreachable
            : reports.Any(r => r.Checks.Any(c => c.Outcome == CheckOutcome.Warning)) ? ExitCodes.Findings
            : ExitCodes.Done;
    }
}
