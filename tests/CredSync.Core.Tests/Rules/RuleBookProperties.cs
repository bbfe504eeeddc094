using CredSync.Completions;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CsCheck;

namespace CredSync.Core.Tests.Rules;

/// <summary>Laws that hold for every rule book and every history.</summary>
public sealed class RuleBookProperties
{
    private static readonly string[] Courses = ["A", "B", "C", "STAT-1", "STAT-2", "DATA-1"];

    private static readonly Gen<Rule> Leaf = Gen.OneOf(
        Gen.OneOf(Courses).Select(Rule (key) => new CourseRule { Key = key }),
        Gen.OneOf(Courses).Select(Rule (key) => new CourseRule { Key = key, Score = new ScoreCondition(ScoreComparison.AtLeast, 70, null) }),
        Gen.Const<Rule>(new CourseRule { Key = "STAT-*", Source = "moodle" }),
        Gen.Const<Rule>(new CourseRule { Tag = "data" }),
        Gen.Const<Rule>(new CourseRule { Key = "A", From = new DateOnly(2022, 6, 1), To = new DateOnly(2024, 6, 1) }));

    private static readonly Gen<Rule> AnyRule = Gen.Recursive<Rule>((depth, node) => depth > 2 ? Leaf : Gen.OneOf(Leaf, Leaf, Group(node)));

    private static readonly Gen<Rule> Stack = Gen.Select(Leaf, Leaf, Gen.Int[0, 3]).Select(Rule (one, two, kind) => kind switch
    {
        0 => new AllRule([new CredentialRule("base"), one]),
        1 => new AtLeastRule(2, [new CredentialRule("base"), new CredentialRule("other"), one, two]),
        2 => new AllRule([new AnyRule([new CredentialRule("base"), two]), new CredentialRule("other"), one]),
        _ => new AnyRule([new AllRule([new CredentialRule("base"), new CredentialRule("other")]), new AllRule([one, two, new CredentialRule("base")])]),
    });

    private static readonly Gen<Completion> Fact = Gen.Select(
        Gen.OneOf(Courses), Gen.Int[0, 1800], Gen.Int[0, 100], Gen.Int[1, 3], Gen.Frequency((12, Gen.Const(0)), (1, Gen.Const(1)), (1, Gen.Const(2)), (1, Gen.Const(3))),
        static (course, day, score, attempt, oddity) => Person.Completion(course, null, score / 100m, attempt: attempt, consent: oddity == 1 ? false : null) with
        {
            CompletedAt = oddity == 2 ? null : new DateTimeOffset(2021, 1, 1, 9, 0, 0, TimeSpan.Zero).AddDays(day),
            Status = oddity == 3 ? CompletionStatus.Withdrawn : CompletionStatus.Completed,
        });

    // One completion a key, as the ledger holds them.
    private static readonly Gen<Completion[]> Facts = Fact.Array[0, 9].Select(facts => facts.DistinctBy(f => f.Key).ToArray());

    private static readonly Gen<Occurrence> Occurrences = Gen.Enum<Occurrence>();

    private static readonly RuleBookSetting Setting = new()
    {
        TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"),
        Tags = [new CourseTag("moodle", "data", ["STAT-*", "DATA-*"])],
    };

    [Fact]
    public void The_order_in_which_facts_stand_does_not_change_a_decision() =>
        Gen.Select(Book(validity: true), Facts, Gen.Int).Sample((book, facts, seed) =>
        {
            string straight = Text(book.Decide(History(facts), Person.Now));
            Completion[] shuffled = [.. facts];
            new Random(seed).Shuffle(shuffled);
            Text(book.Decide(History(shuffled), Person.Now)).ShouldBe(straight);
        }, iter: 1500);

    [Fact]
    public void Reading_the_same_page_again_changes_nothing() =>
        Gen.Select(Book(validity: true), Facts).Sample((book, facts) =>
        {
            var ledger = new PlayLedger(book);
            ledger.Read(facts, 10);
            string[] before = ledger.Issued;
            ledger.Read(facts, 10);
            ledger.Read([.. facts, .. facts], 1);
            ledger.Issued.ShouldBe(before);
        }, iter: 1000);

    [Fact]
    public void Whatever_order_facts_arrive_in_and_however_they_are_cut_into_pages_the_ledger_is_the_same_until_something_leaves() =>
        Gen.Select(Book(validity: true), Facts, Gen.Int[1, 4], Gen.Int).Sample((book, facts, size, seed) =>
        {
            Completion[] shuffled = [.. facts];
            new Random(seed).Shuffle(shuffled);
            var straight = new Follower(book);
            straight.Read(facts);
            var scattered = new Follower(book);
            foreach (Completion[] page in shuffled.Chunk(size))
            {
                scattered.Read(page);
            }

            scattered.Standing.ShouldBe(straight.Standing);
        }, iter: 3000);

    [Fact]
    public void Facts_that_are_corrected_until_nothing_has_left_give_the_same_ledger_as_if_they_had_been_right_at_once() =>
        Gen.Select(Book(validity: true), Facts, Facts, Gen.Int[1, 4], Gen.Int).Sample((book, wrong, right, size, seed) =>
        {
            // What is wrong says a later day, another result, or that it was not so; a completion that is not told again stays. What a message does not say corrects nothing.
            Completion[] first = [.. wrong.Select(w => w with { CompletedAt = w.CompletedAt?.AddYears(8), ConsentGiven = null })];
            Completion[] told = [.. first.Select(f => right.FirstOrDefault(r => r.Key == f.Key) is { CompletedAt: not null } r ? r : f), .. right.Where(r => !first.Any(f => f.Key == r.Key))];
            var straight = new Follower(book);
            straight.Read(told);
            var corrected = new Follower(book);
            foreach (Completion[] page in first.Chunk(size))
            {
                corrected.Read(page);
            }

            Completion[] shuffled = [.. told];
            new Random(seed).Shuffle(shuffled);
            foreach (Completion[] page in shuffled.Chunk(size))
            {
                corrected.Read(page);
            }

            corrected.Standing.ShouldBe(straight.Standing);
        }, iter: 2000);

    // With a completion that stands twice in the history, everything is looked at for each occurrence, as slowly as that is; without, a single completion alone.
    [Fact]
    public void One_completion_after_the_other_is_decided_about_as_if_all_were_looked_at_for_each() =>
        Gen.Select(Book(validity: true), Facts, Facts).Sample((book, before, facts) =>
        {
            Completion[] all = [.. before, .. facts.Where(f => !before.Any(b => b.Key == f.Key)), Person.Completion("ELSEWHERE", "2020-01-01")];
            PersonHistory known = History(all) with { Issuances = [.. Issued(book.Decide(History(before), Person.Now))] };
            PersonHistory twice = known with { Completions = [.. all, all[^1]] };
            Traced(book.Explain(known, null, Person.Now)).ShouldBe(Traced(book.Explain(twice, null, Person.Now)));
            Traced(book.Decide(known, Person.Now)).ShouldBe(Traced(book.Decide(twice, Person.Now)));
            Traced(book.Dropped(before, known)).ShouldBe(Traced(book.Dropped(before, twice)));
        }, iter: 3000);

    // A length of time that everything lies within changes nothing, but has each date asked about by itself.
    [Fact]
    public void When_all_that_is_needed_had_happened_and_was_valid_is_found_as_if_each_date_were_asked_about() =>
        Gen.Select(Gen.Select(Stack, Leaf, Facts, Facts), Gen.Select(Facts, Facts, Occurrences)).Sample((book, rest) =>
        {
            (Rule rule, Rule first, Completion[] a, Completion[] b) = book;
            (Completion[] c, Completion[] d, Occurrence occurrence) = rest;
            Completion[] facts = [.. a.Concat(b.Select(f => Again(f, 4))).Concat(c.Select(f => Again(f, 7))).Concat(d.Select(f => Again(f, 10))).DistinctBy(f => f.Key)];
            RuleBook swept = Of(rule), asked = Of(new AllRule([rule]) { Within = new Period(1200, 0) });
            Dates(swept.Decide(History(facts), Person.Now)).ShouldBe(Dates(asked.Decide(History(facts), Person.Now)));

            RuleBook Of(Rule top) => RuleBook.Create(
            [
                Definition("base", first, new Validity(new Period(2, 0), new Period(1, 0)), Occurrence.Once), Definition("other", new CourseRule { Key = "STAT-*" }, new Validity(new Period(3, 0), null), Occurrence.Each),
                Definition("top", top, null, occurrence),
            ], Setting);

            static Completion Again(Completion fact, int more) => fact with { Key = new CompletionKey(fact.Key.Source, $"{fact.Key.NaturalKey}+{more}") };
        }, iter: 3000);

    [Fact]
    public void However_often_a_credential_may_be_earned_is_changed_no_completion_earns_it_twice() =>
        Gen.Select(Leaf, Facts, Occurrences, Occurrences).Sample((rule, facts, first, then) =>
        {
            Completion[] clean = [.. facts.Where(f => f is { CompletedAt: not null, ConsentGiven: null, Status: CompletionStatus.Completed })];
            RuleBook before = RuleBook.Create([Definition("badge", rule, null, first)], Setting), after = RuleBook.Create([Definition("badge", rule, null, then)], Setting);
            HeldIssuance[] held = [.. Issued(before.Decide(History(clean), Person.Now))];
            DateTimeOffset[] more = [.. after.Decide(History(clean) with { Issuances = held }, Person.Now).OfType<Decision.Issue>().Select(i => i.Award.EarnedAt)];

            // On one day there may be several completions, each with a right of its own.
            more.Concat(held.Select(h => h.EarnedAt!.Value)).GroupBy(d => d).All(g => g.Count() <= clean.Count(c => c.CompletedAt == g.Key)).ShouldBeTrue();
        }, iter: 3000);

    [Fact]
    public void What_left_stays_whatever_arrives_later_and_no_right_leaves_twice() =>
        Gen.Select(Book(validity: true), Facts, Gen.Int[1, 3], Gen.Int).Sample((book, facts, size, seed) =>
        {
            var random = new Random(seed);
            var ledger = new Follower(book);
            List<string> issued = [];
            foreach (Completion[] page in facts.Chunk(size))
            {
                ledger.Read(page);
                if (random.Next(2) == 0)
                {
                    ledger.Leave();
                }

                string[] now = [.. ledger.Lines.Where(l => l.Contains(" Issued ", StringComparison.Ordinal))];
                issued.ShouldBeSubsetOf(now);
                issued = [.. now];
            }
        }, iter: 1500);

    [Fact]
    public void Facts_that_arrive_in_the_order_in_which_they_happened_earn_on_the_same_dates_in_pages_of_any_size() =>
        Gen.Select(Book(validity: true), Facts, Gen.Int[1, 4]).Sample((book, facts, size) =>
        {
            Completion[] plain = [.. facts.Where(f => f.Status == CompletionStatus.Completed && f.CompletedAt is not null && f.ConsentGiven is null).OrderBy(f => f.CompletedAt)];
            var straight = new PlayLedger(book);
            straight.Read(plain, 100);
            var paged = new PlayLedger(book);
            paged.Read(plain, size);
            paged.Issued.ShouldBe(straight.Issued);
        }, iter: 1500);

    [Fact]
    public void Replaying_any_prefix_changes_nothing() =>
        Gen.Select(Book(validity: true), Facts, Gen.Int[0, 9]).Sample((book, facts, prefix) =>
        {
            var ledger = new PlayLedger(book);
            ledger.Read(facts, 2);
            string[] before = ledger.Issued;
            ledger.Read(facts[..Math.Min(prefix, facts.Length)], 1);
            ledger.Issued.ShouldBe(before);
        }, iter: 1000);

    [Fact]
    public void When_it_runs_does_not_change_the_date_on_which_it_was_earned() =>
        Gen.Select(Book(validity: true), Facts, Gen.Int[0, 3000]).Sample((book, facts, later) =>
        {
            Dictionary<string, DateTimeOffset> early = Earned(book.Decide(History(facts), Person.Now));
            foreach ((string key, DateTimeOffset at) in Earned(book.Decide(History(facts), Person.Now.AddDays(later))))
            {
                early.ShouldContainKeyAndValue(key, at);
            }
        }, iter: 1000);

    [Fact]
    public void What_is_earned_is_earned_on_the_date_of_a_fact_and_traces_name_facts_that_exist() =>
        Gen.Select(Book(validity: true), Facts).Sample((book, facts) =>
        {
            HashSet<DateTimeOffset?> dates = [.. facts.Select(f => f.CompletedAt)];
            HashSet<string> keys = [.. facts.Select(f => f.Key.ToString())];
            foreach (Decision decision in book.Explain(History(facts), null, Person.Now))
            {
                AllFacts(decision.Trace).ShouldAllBe(fact => keys.Contains(fact));
                if (decision is Decision.Issue issue)
                {
                    dates.ShouldContain(issue.Award.EarnedAt);
                    issue.Award.EarnedBy.ShouldAllBe(e => dates.Contains(e.CompletedAt) && e.CompletedAt <= issue.Award.EarnedAt);
                    if (issue.Definition != "top")
                    {
                        // A credential that is asked for may be the last thing that was missing.
                        issue.Award.EarnedBy.Max(e => e.CompletedAt).ShouldBe(issue.Award.EarnedAt);
                    }

                    issue.Trace.Met.ShouldBeTrue();
                }
                else if (decision is Decision.Skip skip)
                {
                    skip.Reason.ShouldNotBeEmpty();
                }
            }
        }, iter: 1500);

    [Fact]
    public void Deciding_and_explaining_agree() =>
        Gen.Select(Book(validity: true), Facts).Sample((book, facts) =>
            Text(book.Decide(History(facts), Person.Now).Where(d => d is not Decision.Skip))
                .ShouldBe(Text(book.Explain(History(facts), null, Person.Now).Where(d => d is not Decision.Skip))), iter: 1000);

    private static Gen<Rule> Group(Gen<Rule> node) => Gen.Select(node.Array[1, 3], Gen.Int[0, 5], Gen.Int[1, 3]).Select((rules, kind, number) => (Rule)(kind switch
    {
        0 => new AllRule(rules),
        1 => new AnyRule(rules),
        2 => new AtLeastRule(Math.Min(number, rules.Length), rules),
        3 => new AllRule(rules) { Within = new Period(number * 6, 0), InOrder = number == 3 },
        4 => new AllRule(rules) { InOrder = true },
        _ => new AtLeastRule(Math.Min(number, rules.Length), rules) { Within = new Period(0, number * 200) },
    }));

    private static Gen<RuleBook> Book(bool validity) => Gen.Select(AnyRule, AnyRule, Occurrences, Gen.Bool).Select((first, second, occurrence, expires) => RuleBook.Create(
    [
        Definition("base", first, validity && expires ? new Validity(new Period(12, 0), new Period(2, 0)) : null, Occurrence.Once),
        Definition("other", second, null, occurrence),
        Definition("top", new AllRule([new CredentialRule("base"), new CourseRule { Key = "C" }]), null, Occurrence.Once),
    ], Setting));

    private static CredentialDefinition Definition(string id, Rule earn, Validity? validity, Occurrence occurrence) => new()
    {
        Id = id, Name = id, Description = id, Criteria = id, Issuers = [new IssuerChoice("badges", null)], Earn = earn, Validity = validity, Occurrence = occurrence,
    };

    private static PersonHistory History(IReadOnlyList<Completion> facts) => new() { Subject = Guid.Empty, Completions = facts };

    private static string Text(IEnumerable<Decision> decisions) => string.Join('\n', decisions.Select(d => d switch
    {
        Decision.Issue issue => $"{issue.Definition} {issue.Occurrence} {issue.Award.EarnedAt:O} {issue.Award.ExpiresAt:O} {issue.Award.ScoreScaled} {string.Join(',', issue.Award.EarnedBy)} {issue.Reason}",
        Decision.Hold hold => $"{hold.Definition} {hold.Occurrence} {hold.Cause}",
        _ => $"{d.Definition} {d.Reason}",
    }));

    private static string[] Dates(IEnumerable<Decision> decisions) => [.. decisions.Select(d => d switch
    {
        Decision.Issue issue => $"{issue.Definition} {issue.Occurrence} {issue.Award.EarnedAt:O}",
        Decision.Hold hold => $"{hold.Definition} {hold.Occurrence} {hold.Cause}",
        _ => $"{d.Definition} skipped",
    })];

    private static string Traced(IEnumerable<Decision> decisions) => string.Join('\n', decisions.Select(d => $"{Text([d])} {Words(d.Trace)}"));

    private static string Words(RuleTrace trace) => $"({trace.Node} {trace.Met} {trace.Missing} {string.Join(',', trace.Facts)} {string.Join(' ', trace.Children.Select(Words))})";

    private static IEnumerable<HeldIssuance> Issued(IEnumerable<Decision> decisions) => decisions.OfType<Decision.Issue>()
        .Select(i => new HeldIssuance(new IssuanceKey(i.Definition, Guid.Empty, i.Occurrence), IssuanceState.Issued, i.Award.EarnedAt, i.Award.ExpiresAt));

    private static Dictionary<string, DateTimeOffset> Earned(IEnumerable<Decision> decisions) =>
        decisions.OfType<Decision.Issue>().ToDictionary(i => $"{i.Definition}/{i.Occurrence}", i => i.Award.EarnedAt);

    private static IEnumerable<string> AllFacts(RuleTrace trace) => trace.Facts.Concat(trace.Children.SelectMany(AllFacts));

    /// <summary>A ledger of one person, read in pages.</summary>
    private sealed class PlayLedger(RuleBook book)
    {
        private readonly List<Completion> completions = [];
        private readonly List<HeldIssuance> issuances = [];

        public string[] Issued => [.. issuances.Where(i => i.State == IssuanceState.Planned).Select(i => $"{i.Key} {i.EarnedAt:O} {i.ExpiresAt:O}").Order(StringComparer.Ordinal)];

        public void Read(IReadOnlyList<Completion> facts, int size)
        {
            foreach (Completion[] page in facts.Chunk(size))
            {
                foreach (Completion fact in page)
                {
                    Follower.Keep(completions, fact);
                }

                foreach (Decision decision in book.Decide(new PersonHistory { Subject = Guid.Empty, Completions = [.. completions], Issuances = [.. issuances] }, Person.Now))
                {
                    Put(decision);
                }
            }
        }

        private void Put(Decision decision)
        {
            HeldIssuance? line = decision switch
            {
                Decision.Issue i => new HeldIssuance(new IssuanceKey(i.Definition, Guid.Empty, i.Occurrence), IssuanceState.Planned, i.Award.EarnedAt, i.Award.ExpiresAt),
                Decision.Hold h => new HeldIssuance(new IssuanceKey(h.Definition, Guid.Empty, h.Occurrence), IssuanceState.Held, h.Award?.EarnedAt, h.Award?.ExpiresAt) { Cause = h.Cause },
                _ => null,
            };
            if (line is not { } issuance)
            {
                return;
            }

            int at = issuances.FindIndex(i => i.Key == issuance.Key);
            if (at < 0)
            {
                issuances.Add(issuance);
            }
            else if (issuances[at].State == IssuanceState.Held)
            {
                issuances[at] = issuance;
            }
            else if (decision is Decision.Issue)
            {
                throw new InvalidOperationException($"{issuance.Key} was issued twice.");
            }
        }
    }
}
