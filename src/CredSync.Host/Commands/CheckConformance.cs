using CredSync.Conformance;
using CredSync.Conformance.Sources;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync check NAME --conformance</c>: does the adapter hold the kit's cases against the real platform? Only the cases that read.</summary>
internal static class CheckConformance
{
    /// <summary>How many pages a reading takes when nobody says.</summary>
    public const int Pages = 3;

    public static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string name, int? pages, Output output, CancellationToken ct)
    {
        AdapterBench? bench = context.TryBench(settings, name, output);
        if (bench is null)
        {
            return ExitCodes.Usage;
        }

        await using (bench.ConfigureAwait(false))
        {
            IReadOnlyList<ConformanceCase> cases = SourceConformance.ReadOnly(new LiveSource
            {
                Name = name,
                Create = bench.Create,
                OptionsType = bench.OptionsType,
                Secrets = [.. bench.Secrets.Select(s => s.Value)],
                Pages = pages ?? Pages,
            });
            var checks = new List<CheckResult>();
            foreach (ConformanceCase conformance in cases)
            {
                checks.Add(await TryAsync(conformance, ct).ConfigureAwait(false));
            }

            output.Write(new[] { new { connection = name, checks } }, console =>
            {
                console.MarkupLineInterpolated($"[bold]{name}[/], the first {pages ?? Pages} pages");
                CheckList.Draw(console, checks);
            });
            return checks.Exists(c => c.Outcome == CheckOutcome.Failed) ? ExitCodes.Findings
                : checks.Exists(c => c.Outcome == CheckOutcome.NotChecked) ? ExitCodes.Unreachable
                : ExitCodes.Done;
        }
    }

    private static async Task<CheckResult> TryAsync(ConformanceCase conformance, CancellationToken ct)
    {
        try
        {
            await conformance.RunAsync(ct).ConfigureAwait(false);
            return new CheckResult(conformance.Name, CheckOutcome.Passed, conformance.Why);
        }
        catch (ConformanceException e)
        {
            return new CheckResult(conformance.Name, CheckOutcome.Failed, e.Message, $"{conformance.Why} docs/writing-a-source.md says how it is mended.");
        }
        catch (AdapterException e)
        {
            return new CheckResult(conformance.Name, CheckOutcome.NotChecked, e.Message, "Do what the sentence says, then run this again.");
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return new CheckResult(conformance.Name, CheckOutcome.Failed, $"The adapter threw {e.GetType().Name} instead of a SourceException.", "Every failure of a platform must become a SourceException with its kind.");
        }
    }
}
