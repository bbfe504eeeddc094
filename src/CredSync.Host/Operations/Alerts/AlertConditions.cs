using System.Globalization;
using CredSync.Host.Ledger.Operators;

namespace CredSync.Host.Operations.Alerts;

/// <summary>Which conditions want somebody: a pure function of what the screens show.</summary>
internal static class AlertConditions
{
    /// <summary>Every code that there is.</summary>
    public static readonly IReadOnlyList<string> Codes = ["source-paused", "source-late", "source-failing", "issuer-failing", "failures", "outbox-stuck", "job-waiting", "job-stopped", "token-ends"];

    private const int TokenDays = 14;
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<Alert> Of(IReadOnlyList<SourceView> sources, IReadOnlyList<IssuerView> issuers, IReadOnlyList<FailureGroup> failures, IReadOnlyList<JobLine> jobs, IReadOnlyList<TokenView> tokens, DateTimeOffset? oldestWaiting, DateTimeOffset now) =>
    [
        .. sources.Select(OfSource).OfType<Alert>(),
        .. issuers.Where(i => i.Condition == "failing").Select(i => new Alert("issuer-failing", i.Name, string.Create(CultureInfo.InvariantCulture, $"Issuer '{i.Name}' failed last; {i.Failing:N0} credentials are not issued."), "/operate/issuers", "credsync failures --by issuer")),
        .. failures.GroupBy(f => f.Cause, StringComparer.Ordinal).Select(g => new Alert("failures", g.Key, string.Create(CultureInfo.InvariantCulture, $"{g.Sum(f => f.Count):N0} failures of the cause {g.Key}."), $"/operate/failures/{Uri.EscapeDataString(g.Key)}", $"credsync failures show {g.Key}")),
        .. oldestWaiting is { } oldest && now - oldest > Stuck ? [new Alert("outbox-stuck", "", $"A planned credential has waited for {Words.Duration(now - oldest)} to be sent.", "/operate/issuances?state=planned", "credsync doctor")] : Array.Empty<Alert>(),
        .. jobs.Where(j => j.State is "waiting" or "stopped").Select(j => new Alert($"job-{j.State}", $"{j.Id}", j.State == "waiting" ? $"Job {j.Id} ({j.Kind} {j.What}) waits for a second person." : $"Job {j.Id} ({j.Kind} {j.What}) stopped: {j.Sentence}", $"/operate/jobs/{j.Id}", $"credsync jobs show {j.Id}")),
        .. tokens.Where(t => t.DaysLeft < TokenDays).Select(t => new Alert("token-ends", t.Name, $"The token of {t.Kind} '{t.Name}' {(t.DaysLeft < 0 ? "ended" : "ends")} on {t.LastDay:yyyy-MM-dd}.", t.Kind == "source" ? $"/operate/sources/{Uri.EscapeDataString(t.Name)}" : "/operate/issuers", "credsync status")),
    ];

    private static Alert? OfSource(SourceView source)
    {
        (string Code, string Sentence)? what = source.Condition switch
        {
            "paused" => ("source-paused", $"Source '{source.Name}' is paused: {source.Sentence}"),
            "late" or "silent" => ("source-late", $"Source '{source.Name}' has told nothing new for longer than expected; the newest completion is of {Words.Time(source.NewestCompletion)}."),
            "failing" => ("source-failing", $"Source '{source.Name}' failed {source.Failures} times in a row: {source.Sentence}"),
            _ => null,
        };
        return what is { } w ? new Alert(w.Code, source.Name, w.Sentence, $"/operate/sources/{Uri.EscapeDataString(source.Name)}", $"credsync runs {source.Name}") : null;
    }
}
