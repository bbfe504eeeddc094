using System.CommandLine;
using System.Globalization;
using CredSync.Host.Intake;
using CredSync.Host.Intake.Hooks;
using CredSync.Host.Ledger;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync replay</c>: takes stored deliveries once more, after a mapping was mended or a platform came to its senses.</summary>
internal static class ReplayCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var name = new Argument<string>("source") { Description = "The source." };
        var id = new Option<string?>("--id") { Description = "Only the delivery with this id." };
        var from = new Option<string?>("--from") { Description = "Only what arrived then or later: a date or an instant, UTC." };
        var to = new Option<string?>("--to") { Description = "Only what arrived before." };
        var aside = new Option<bool>("--set-aside") { Description = "Only what could not be taken." };
        var preview = new Option<bool>("--preview") { Description = "Shows what it would change, and changes nothing." };
        var command = new Command("replay", "Takes stored deliveries once more; nothing is issued twice. Example: credsync replay moodle-hr --from 2026-03-01 --preview") { name, id, from, to, aside, preview };
        var act = new ActOptions(required: false);
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context,
            options.Settings(parsed),
            new DeliveryFilter
            {
                Source = parsed.GetValue(name)!,
                Id = parsed.GetValue(id),
                From = Time("--from", parsed.GetValue(from)),
                To = Time("--to", parsed.GetValue(to)),
                State = parsed.GetValue(aside) ? DeliveryState.SetAside : null,
            },
            parsed.GetValue(preview),
            act.Who(parsed),
            act.Why(parsed),
            options.Output(parsed),
            ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, DeliveryFilter filter, bool preview, string who, string why, Output output, CancellationToken ct)
    {
        using IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is null)
        {
            return ExitCodes.Usage;
        }

        if (host.Services.GetRequiredService<SourceRegistry>().All.GetValueOrDefault(filter.Source) is not IWebhookSource adapter)
        {
            throw new UsageException($"No source called '{filter.Source}' takes deliveries.");
        }

        ILedger ledger = host.Services.GetRequiredService<ILedger>();
        await ledger.MigrateAsync(ct).ConfigureAwait(false);
        await ledger.EnsureSourcesAsync([filter.Source], ct).ConfigureAwait(false);
        return preview
            ? await PreviewAsync(host.Services.GetRequiredService<DeliveryReplay>(), adapter, filter, output, ct).ConfigureAwait(false)
            : await TakeAsync(host.Services, filter, who, why, output, ct).ConfigureAwait(false);
    }

    private static async Task<int> TakeAsync(IServiceProvider services, DeliveryFilter filter, string who, string why, Output output, CancellationToken ct)
    {
        DeliveryDesk desk = services.GetRequiredService<DeliveryDesk>();
        DeliveryReplay replay = services.GetRequiredService<DeliveryReplay>();
        (int replayed, long last) = await replay.MarkAsync(filter, who, why, ct).ConfigureAwait(false);
        var total = new PageCounts();
        while (true)
        {
            (int claimed, PageCounts counts) = await desk.TakeAsync(filter.Source, ct).ConfigureAwait(false);
            total += counts;
            if (claimed == 0)
            {
                break;
            }
        }

        int left = 0;
        await foreach (DeliveryLine line in replay.LinesAsync(filter with { State = null }, ct).ConfigureAwait(false))
        {
            left += line.State != DeliveryState.Taken && line.Number <= last ? 1 : 0;
        }

        output.Write(new { filter.Source, replayed, left, counts = total }, console => console.WriteLine(
            $"{filter.Source}: {replayed} deliveries replayed; {total.New} new, {total.Revised} revised, {total.Unchanged} unchanged, {total.Unreadable} set aside; {total.Planned} planned, {total.Held} held"
            + (left > 0 ? $"; {left} could not be taken, 'credsync replay {filter.Source} --set-aside --preview' says why" : "")));
        return left > 0 ? ExitCodes.Refused : ExitCodes.Done;
    }

    private static async Task<int> PreviewAsync(DeliveryReplay replay, IWebhookSource adapter, DeliveryFilter filter, Output output, CancellationToken ct)
    {
        var lines = new List<ReplayEffect>();
        await foreach (ReplayEffect line in replay.PreviewAsync(adapter, filter, ct).ConfigureAwait(false))
        {
            lines.Add(line);
        }

        output.Write(lines, console =>
        {
            Table table = Output.Table("delivery", "arrived", "completion", "replaying it");
            lines.ForEach(l => table.AddRow(new Text(Short(l.Delivery)), new Text(l.Arrived.ToString("u", CultureInfo.InvariantCulture)), new Text(l.About), new Text(l.Effect)));
            Output.Draw(console, table, "No stored delivery is like this.");
        });
        return ExitCodes.Done;
    }

    private static string Short(string id) => id.Length > 24 ? id[..21] + "…" : id;

    private static DateTimeOffset? Time(string option, string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time
        : throw new UsageException($"{option} wants a date such as 2026-03-01 or an instant such as 2026-03-01T09:30:00Z, not '{text}'.");
}
