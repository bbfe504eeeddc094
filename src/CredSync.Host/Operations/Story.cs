using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.Operations;

/// <summary>The story of one completion: eight steps from the door to the outcome, for each credential that it helped to earn.</summary>
/// <param name="Subject">The title line.</param>
/// <param name="Steps">The steps, in order.</param>
internal sealed record Story(string Subject, IReadOnlyList<StoryStep> Steps)
{
    /// <summary>Tells the story of a completion key or an issuance id; null when the ledger knows neither.</summary>
    public static async Task<Story?> OfAsync(ILedger ledger, string key, CancellationToken ct)
    {
        if (Guid.TryParse(key, CultureInfo.InvariantCulture, out Guid id) && await ledger.IssuanceAsync(id, ct).ConfigureAwait(false) is { } issuance)
        {
            string? fact = FactsOf(issuance.Trace).FirstOrDefault();
            CompletionLine? earnedBy = fact is null ? null : await ledger.CompletionAsync(Parse(fact), ct).ConfigureAwait(false);
            return Tell($"Issuance {issuance.Id}", earnedBy, [issuance], await ledger.RevocationsAsync([issuance.Id], ct).ConfigureAwait(false));
        }

        if (!key.Contains('/', StringComparison.Ordinal) || await ledger.CompletionAsync(Parse(key), ct).ConfigureAwait(false) is not { } line)
        {
            return null;
        }

        IReadOnlyList<IssuanceLine> issuances = line.Subject is { } subject
            ? [.. (await ledger.IssuancesOfAsync(subject, ct).ConfigureAwait(false)).Where(i => FactsOf(i.Trace).Contains(key, StringComparer.Ordinal))]
            : [];
        return Tell($"Completion {key}", line, issuances, await ledger.RevocationsAsync([.. issuances.Select(i => i.Id)], ct).ConfigureAwait(false));
    }

    private static Story Tell(string subject, CompletionLine? line, IReadOnlyList<IssuanceLine> issuances, IReadOnlyDictionary<Guid, RevocationLine> revocations)
    {
        var steps = new List<StoryStep>();
        if (line is not null)
        {
            Completion c = line.Completion;
            steps.Add(new StoryStep(1, "door", line.FirstSeen, true, $"{c.Key.Source} told of {c.Course.Title ?? c.Course.Key}: {c.Status}{(c.CompletedAt is { } at ? $" on {Words.Time(at)}" : ", without a date")}{Score(c)}"));
            steps.Add(new StoryStep(2, "person", line.FirstSeen, line.Subject is not null, line.Subject is { } s ? $"matched to {s}" : $"held: {line.HoldSentence}"));
        }

        if (issuances.Count == 0)
        {
            steps.Add(new StoryStep(3, "rule", line?.LastChanged, false, "no credential has been earned by it so far"));
        }

        foreach (IssuanceLine i in issuances)
        {
            bool sent = i.SentAt is not null;
            bool issued = i.State is IssuanceState.Issued or IssuanceState.Revoked;
            steps.Add(new StoryStep(3, "rule", i.PlannedAt, true, $"{i.Definition}: {i.Reason}"));
            steps.Add(new StoryStep(4, "ledger", i.PlannedAt, i.State != IssuanceState.Held || sent, i.State == IssuanceState.Held && !sent ? $"held as {i.Id}, {i.Cause}: {i.Sentence}" : $"planned as {i.Id} under rule book {i.RuleBookRevision}{(line is null ? "" : $", completion revision {line.Revision}")}"));
            steps.Add(new StoryStep(5, "dispatch", i.SentAt, sent, sent ? $"published, attempt {i.Attempts}" : i.NotBefore is { } later ? $"waits until {Words.Time(later)}: {i.Sentence}" : "waits to be published"));
            steps.Add(new StoryStep(6, "queue", i.SentAt, sent, sent ? $"confirmed by issue-credential-{i.Issuer}" : "not there yet"));
            steps.Add(new StoryStep(7, "issuer", i.OutcomeAt, issued, issued ? $"{i.Issuer} minted {i.CredentialId}" : i.Sentence ?? "no answer yet"));
            steps.Add(new StoryStep(8, "outcome", i.OutcomeAt, issued, issued ? $"issued; earned on {Words.Time(i.EarnedAt)}" : i.State.ToString().ToLowerInvariant()));
            if (revocations.TryGetValue(i.Id, out RevocationLine? revocation))
            {
                steps.Add(new StoryStep(9, "revocation", revocation.OutcomeAt ?? revocation.SentAt ?? revocation.RevokedAt, revocation.State == RevocationState.Revoked, SentenceOf(revocation)));
            }
        }

        return new Story(subject, steps);
    }

    private static string SentenceOf(RevocationLine r) => r.State switch
    {
        RevocationState.Revoked => $"revoked since {Words.Time(r.RevokedAt)}: {r.Reason}",
        RevocationState.Sent => $"asked of {r.Issuer}, attempt {r.Attempts}, no answer yet: {r.Reason}",
        RevocationState.Planned when r.Cause is not null => $"to be revoked ({r.Reason}), waits until {Words.Time(r.NotBefore)}: {r.Sentence}",
        RevocationState.Planned => $"to be revoked, waits to be published: {r.Reason}",
        _ => $"not revoked, {r.State.ToString().ToLowerInvariant()}, {r.Cause}: {r.Sentence}",
    };

    private static string Score(Completion c) => c.Score?.Scaled is { } scaled ? string.Create(CultureInfo.InvariantCulture, $", score {scaled * 100:0.##} %") : "";

    private static IEnumerable<string> FactsOf(RuleTrace trace) => (trace.Met ? trace.Facts : []).Concat(trace.Children.SelectMany(FactsOf));

    private static CompletionKey Parse(string key)
    {
        int at = key.IndexOf('/', StringComparison.Ordinal);
        return new CompletionKey(key[..at], key[(at + 1)..]);
    }
}

/// <summary>One step of a story.</summary>
/// <param name="Number">1 to 8, as in docs/flow.md; 9 for a credential that is taken back.</param>
/// <param name="Room">Where it happened.</param>
/// <param name="At">When, UTC; null when it has not happened.</param>
/// <param name="Done">Whether it is done.</param>
/// <param name="Sentence">What happened.</param>
internal sealed record StoryStep(int Number, string Room, DateTimeOffset? At, bool Done, string Sentence);
