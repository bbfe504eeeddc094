using CredSync.Host.Dispatch;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using CredSync.Host.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Operations;

/// <summary>Whether this worker lives (its loops go round) and is ready (its dependencies answer and its configuration is in force).</summary>
internal sealed class Health(LoopProgress progress, ILedger ledger, QueueLifetime queue, ActiveConfiguration active, TimeProvider time)
{
    // The longest that a healthy dispatch loop is silent is one look a minute.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    /// <summary>Whether the process should be left running; false only when the dispatch loop has stopped going round and met no fault that explains it.</summary>
    public HealthReport Live()
    {
        bool stuck = progress.Loops.TryGetValue("dispatch", out LoopState? dispatch) && dispatch.Fault is null && time.GetUtcNow() - dispatch.LastBeat > Silence;
        return stuck ? new HealthReport("unhealthy", ["The dispatch loop has not gone round for three minutes; restart this worker."]) : new HealthReport("healthy", []);
    }

    /// <summary>Whether the worker can do its work now.</summary>
    public async Task<HealthReport> ReadyAsync(CancellationToken ct)
    {
        var sentences = new List<string>();
        string status = "healthy";
        foreach (Core.Configuration.Finding finding in active.Rejected.Take(5))
        {
            status = "degraded";
            sentences.Add($"A changed configuration is not in force: {finding.File}:{finding.Line}:{finding.Column} {finding.Code} {finding.Sentence}");
        }

        if (active.WantRestart is { Count: > 0 } changed)
        {
            status = "degraded";
            sentences.Add($"Start this worker again: {string.Join(", ", changed)} while it ran. Rules and all else are in force already.");
        }

        foreach ((string loop, LoopState state) in progress.Loops)
        {
            if (state.Fault is not null)
            {
                status = "degraded";
                sentences.Add($"The {loop} loop meets a fault and keeps trying ({state.Fault}).");
            }
        }

        if (!queue.IsReachable())
        {
            status = "degraded";
            sentences.Add("The queue does not answer; planned credentials wait in the ledger until it is back.");
        }

        try
        {
            foreach (SourceState source in await ledger.SourcesAsync(ct).ConfigureAwait(false))
            {
                if (source.PausedBecause is not null)
                {
                    status = "degraded";
                    sentences.Add($"Source '{source.Name}' is paused: {source.PausedBecause}");
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            status = "unhealthy";
            sentences.Add($"The ledger does not answer ({e.GetType().Name}).");
        }

        return new HealthReport(status, sentences);
    }
}

/// <summary>How this worker is.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> (works, but someone should look) or <c>unhealthy</c>.</param>
/// <param name="Sentences">Why it is not healthy.</param>
internal sealed record HealthReport(string Status, IReadOnlyList<string> Sentences);

/// <summary>Maps the health addresses.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", http => AnswerAsync(http, http.RequestServices.GetRequiredService<Health>().Live())).AllowAnonymous();
        app.MapGet("/health/ready", async http => await AnswerAsync(http, await http.RequestServices.GetRequiredService<Health>().ReadyAsync(http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false)).AllowAnonymous();
    }

    // Degraded still answers 200: taking the worker out of service would not mend what a person has to mend.
    private static Task AnswerAsync(HttpContext http, HealthReport report)
    {
        http.Response.StatusCode = report.Status == "unhealthy" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return http.Response.WriteAsJsonAsync(report, http.RequestAborted);
    }
}
