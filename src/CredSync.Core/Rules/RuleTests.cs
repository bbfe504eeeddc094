using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Issuance;

namespace CredSync.Core.Rules;

/// <summary>
/// Runs the stories inside the credentials' files with the engine that decides about real people: each event is read and decided about at its time,
/// and what is decided is in the ledger from then on.
/// </summary>
public static class RuleTests
{
    // Stories have people of their own, who are never real ones.
    private static readonly Guid People = new("5d2f7b0a-31c4-5e8b-9a06-c4d1e2f3a4b5");

    /// <summary>Runs every story of a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>One result for each expectation, in the order in which they are written.</returns>
    public static IReadOnlyList<RuleTestResult> Run(Configuration.Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IReadOnlyList<RuleTest> tests = configuration.Tests;
        // Stories do not depend on each other; for a few, starting more threads takes longer than running them.
        return tests.Count < 50
            ? [.. tests.SelectMany(test => Run(test, configuration.RuleBook))]
            : [.. tests.AsParallel().AsOrdered().SelectMany(test => Run(test, configuration.RuleBook))];
    }

    /// <summary>Runs one story.</summary>
    /// <param name="test">The story.</param>
    /// <param name="ruleBook">The rule book.</param>
    /// <returns>One result for each expectation, in the order in which they are written.</returns>
    public static IReadOnlyList<RuleTestResult> Run(RuleTest test, RuleBook ruleBook)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(ruleBook);
        return [.. test.Expectations.Select(expectation => Compare(test, expectation, new Story(test, expectation, ruleBook)))];
    }

    /// <summary>A failed result as a finding.</summary>
    /// <param name="result">The result.</param>
    /// <returns>The finding; null when it passed.</returns>
    public static Finding? ToFinding(RuleTestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Passed ? null : new Finding(Codes.FailedTest.Code, Codes.FailedTest.Severity, result.Position.File, result.Position.Line, result.Position.Column,
            $"The test '{Show.Text(result.Test.Name)}' fails: {result.Difference}", null);
    }

    private static RuleTestResult Compare(RuleTest test, RuleTestExpectation expected, Story story)
    {
        string? difference = Difference(expected, story) is { } found
            ? $"{expected.Person} on {Day(expected.At)}: expected {Wanted(expected)}, but {found}; {story.Reason}."
            : null;
        return new RuleTestResult(test, difference is null, difference, expected.Position);
    }

    // What became of it tells more than its words do, so it comes first.
    private static string? Difference(RuleTestExpectation expected, Story story) => Fate(expected, story)
        ?? (expected.Reason is { } words && !story.Reason.Contains(words, StringComparison.OrdinalIgnoreCase) ? "the reason does not hold these words" : null);

    private static string? Fate(RuleTestExpectation expected, Story story)
    {
        if (expected.Held is { } cause)
        {
            return (cause == "none" ? story.Held.Count == 0 : story.Held.Contains(cause, StringComparer.Ordinal)) ? null : story.Held.Count > 0 ? $"it is held for {Show.And(story.Held)}" : story.Found;
        }

        if (expected.Times is { } times && story.Issued.Count != times)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it was earned {Times(story.Issued.Count)}");
        }

        if (expected.Earned is not { } earned)
        {
            return null;
        }

        if (story.Issued.Count == 0)
        {
            return earned == "never" ? null : story.Found;
        }

        HeldIssuance newest = story.Issued.MaxBy(i => i.EarnedAt);
        return !IsSame(earned, newest.EarnedAt) || (expected.Expires is { } expires && !IsSame(expires, newest.ExpiresAt)) ? story.Found : null;
    }

    private static bool IsSame(string written, DateTimeOffset? found) => found is not { } time
        ? written == "never"
        : Scalars.TryMoment(written, out DateTimeOffset moment, out bool isDate) && (isDate ? moment.UtcDateTime.Date == time.UtcDateTime.Date : moment == time);

    private static string Wanted(RuleTestExpectation expected)
    {
        if (expected.Held is { } cause)
        {
            return $"held for {cause}";
        }

        string wanted = $"earned {(expected.Earned == "never" ? "" : "on ")}{expected.Earned}";
        wanted += expected.Times is { } times ? $", {Times(times)}" : "";
        wanted += expected.Expires is { } expires ? expires == "never" ? ", without expiry" : $", expiring on {expires}" : "";
        return wanted + (expected.Reason is { } reason ? $", with the reason '{reason}'" : "");
    }

    private static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    private static string Day(DateTimeOffset? time) => time is { } at ? at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "no date";

    /// <summary>What had become of one person at one time.</summary>
    private sealed class Story
    {
        private readonly RuleTest test;
        private readonly List<Completion> completions = [];
        private readonly List<HeldIssuance> ledger = [];
        private readonly Dictionary<IssuanceKey, DateTimeOffset> heldSince = [];
        private readonly List<(IssuanceKey Key, string Cause, DateTimeOffset Due)> reviews = [];
        private readonly Lazy<string> reason;

        public Story(RuleTest test, RuleTestExpectation expectation, RuleBook ruleBook)
        {
            this.test = test;
            Guid subject = NameBasedUuid.Create(People, expectation.Person);
            IEnumerable<RuleTestEvent> past = test.Events.Where(e => e.Person == expectation.Person && e.At <= expectation.At).OrderBy(e => e.At);
            foreach (IGrouping<DateTimeOffset, RuleTestEvent> moment in past.GroupBy(e => e.At))
            {
                LetTimePass(ruleBook, moment.Key);
                Completion[] before = [.. completions];
                foreach (RuleTestEvent happening in moment)
                {
                    Happen(happening, subject);
                }

                Reconsider(ruleBook, before, moment.Key, subject);
                Apply(ruleBook.DecideWithNeeded(History(subject), before, test.Credential, moment.Key), subject, moment.Key);
            }

            LetTimePass(ruleBook, expectation.At);
            Held.AddRange(reviews.Where(r => r.Due <= expectation.At && !Held.Contains(r.Cause)).Select(r => r.Cause));

            // Asked for only where a story fails or tells what the reason must say.
            reason = new Lazy<string>(() =>
                ruleBook.Explain(History(subject), test.Credential, expectation.At) is [.., { } last] ? last.Reason : "no rule decided about it");
        }

        public List<HeldIssuance> Issued => [.. ledger.Where(i => i.Key.Definition == test.Credential && i.State == IssuanceState.Issued)];

        public List<string> Held { get; } = [];

        /// <summary>The last decision about the credential, in words.</summary>
        public string Reason => reason.Value;

        /// <summary>What was found, in words.</summary>
        public string Found
        {
            get
            {
                if (Issued.Count == 0)
                {
                    return Held.Count > 0 ? $"it is held for {Show.And(Held)}" : "it was never earned";
                }

                HeldIssuance newest = Issued.MaxBy(i => i.EarnedAt);
                return $"it was earned on {Day(newest.EarnedAt)}{(newest.ExpiresAt is { } expires ? $", expiring on {Day(expires)}" : "")}";
            }
        }

        private PersonHistory History(Guid subject) => new() { Subject = subject, Completions = completions, Issuances = ledger };

        private void Happen(RuleTestEvent happening, Guid subject)
        {
            if (happening.Credential is { } credential)
            {
                var key = new IssuanceKey(credential, subject, string.Create(CultureInfo.InvariantCulture, $"given-{ledger.Count}"));
                ledger.Add(new HeldIssuance(key, IssuanceState.Issued, happening.At, happening.Expires));
                return;
            }

            int known = completions.FindIndex(c => c.Key == happening.Completion!.Key);
            switch (CompletionRevision.Merge(known < 0 ? null : completions[known], happening.Completion!))
            {
                case CompletionChange.New added:
                    completions.Add(added.Completion);
                    break;
                case CompletionChange.Revised revised:
                    completions[known] = revised.Merged;
                    break;
            }
        }

        private void Apply(IReadOnlyList<Decision> decisions, Guid subject, DateTimeOffset at)
        {
            foreach (Decision decision in decisions)
            {
                switch (decision)
                {
                    case Decision.Issue issue:
                        Put(new HeldIssuance(new IssuanceKey(issue.Definition, subject, issue.Occurrence), IssuanceState.Issued, issue.Award.EarnedAt, issue.Award.ExpiresAt));
                        break;
                    case Decision.Hold hold when HoldCauses.IsReview(hold.Cause):
                        Remember(hold, at);
                        break;
                    case Decision.Hold hold:
                        var key = new IssuanceKey(hold.Definition, subject, hold.Occurrence);
                        if (!ledger.Exists(i => i.Key == key && i.Cause == hold.Cause))
                        {
                            heldSince[key] = at;
                        }

                        Put(new HeldIssuance(key, IssuanceState.Held, hold.Award?.EarnedAt, hold.Award?.ExpiresAt) { Cause = hold.Cause, Waits = true });
                        break;
                }
            }

            Held.Clear();
            Held.AddRange(ledger.Where(i => i.Key.Definition == test.Credential && i.State == IssuanceState.Held).Select(i => i.Cause).OfType<string>().Distinct(StringComparer.Ordinal));
        }

        // As intake does: what changed for the worse is proposed, what is good again is taken back.
        private void Reconsider(RuleBook ruleBook, Completion[] before, DateTimeOffset at, Guid subject)
        {
            reviews.RemoveAll(r => ruleBook.StillEarns(History(subject), r.Key) == true);
            foreach (Decision.Hold hold in ruleBook.Dropped(before, History(subject)))
            {
                Remember(hold, at);
            }
        }

        // Approvals that nobody gave in time settle themselves.
        private void LetTimePass(RuleBook ruleBook, DateTimeOffset until)
        {
            for (int i = 0; i < ledger.Count; i++)
            {
                if (ledger[i] is { State: IssuanceState.Held, Cause: HoldCauses.Approval } held && ruleBook.Find(held.Key.Definition)?.Approval is { Within: { } within } approval
                    && heldSince[held.Key] + within <= until)
                {
                    ledger[i] = held with { State = approval.AfterThat == ApprovalLapse.Issue ? IssuanceState.Issued : IssuanceState.Refused, Cause = null, Waits = false };
                    Held.Remove(HoldCauses.Approval);
                }
            }
        }

        private void Remember(Decision.Hold hold, DateTimeOffset at)
        {
            var key = new IssuanceKey(hold.Definition, hold.Subject, hold.Occurrence);
            if (hold.Definition == test.Credential && !reviews.Exists(r => r.Key == key))
            {
                reviews.Add((key, hold.Cause, at + (hold.Within ?? TimeSpan.Zero)));
            }
        }

        // What is issued stays issued: a proposal to revoke it is only remembered.
        private void Put(HeldIssuance issuance)
        {
            int at = ledger.FindIndex(i => i.Key == issuance.Key);
            if (at < 0)
            {
                ledger.Add(issuance);
            }
            else if (IssuanceSteps.IsLegal(ledger[at].State, issuance.State) || (ledger[at].State == IssuanceState.Held && issuance.State == IssuanceState.Held))
            {
                ledger[at] = issuance;
            }
        }
    }
}
