using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>A completed course, ready to be evaluated.</summary>
internal sealed class CourseNode : RuleNode
{
    private readonly CourseRule rule;
    private readonly RuleBookSetting setting;
    private readonly CourseGlob? key;
    private readonly CourseGlob? run;
    private readonly (string Name, CourseGlob Glob)[] attributes;
    private readonly IReadOnlyList<TaggedCourses>? tagged;
    private readonly (long First, long Before) instants;
    private readonly (long First, long Before) dates;
    private readonly string course;
    private readonly string noCompletion;
    private readonly decimal limit;

    // Said of many people each time the rule book decides; made when first needed.
    private string? scoreTooLow;
    private string? scoreMissing;
    private string? begun;
    private string? notPassed;
    private string? notInRange;

    /// <summary>Makes the node.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="setting">What rules rest on beside.</param>
    /// <param name="place">Its place among the leaves of its definition.</param>
    public CourseNode(CourseRule rule, RuleBookSetting setting, int place)
        : base(rule)
    {
        this.rule = rule;
        Place = place;
        limit = rule.Score?.Fraction ?? 0;
        this.setting = setting;
        key = rule.Key is null ? null : new CourseGlob(rule.Key);
        run = rule.Run is null ? null : new CourseGlob(rule.Run);
        attributes = [.. rule.Attributes.Select(a => (a.Key, new CourseGlob(a.Value)))];
        tagged = rule.Tag is null ? null : setting.Tagged(rule.Tag, rule.Source);
        instants = (rule.From is { } first ? setting.StartOf(first) : long.MinValue, rule.To is { } last ? setting.StartOf(last.AddDays(1)) : long.MaxValue);
        dates = (rule.From is { } from ? RuleBookSetting.DateOf(from) : long.MinValue, rule.To is { } to ? RuleBookSetting.DateOf(to.AddDays(1)) : long.MaxValue);
        course = RuleWords.Course(rule);
        noCompletion = $"no completion of {course}";
    }

    /// <summary>Where the index finds the node: patterns of which one matches the course key of every completion that the node can accept.</summary>
    public IEnumerable<CourseGlob> IndexedBy()
    {
        if (key is not null)
        {
            return [key];
        }

        return tagged is not null ? tagged.SelectMany(t => t.Courses) : [AnyCourse];
    }

    public string? Source => rule.Source;

    /// <summary>Its place among the leaves of its definition.</summary>
    public int Place { get; }

    public override long When(Evaluation evaluation, long from, long to)
    {
        Best(evaluation, from, to, out long when);
        return when;
    }

    public override void Choose(Evaluation evaluation, long from, long to, List<Choice> chosen)
    {
        if (Best(evaluation, from, to, out long when) is { } best)
        {
            chosen.Add(new Choice(best, null, when));
        }
    }

    // The earliest, and of several at one time the one whose key comes first: nothing depends on the order of arrival.
    private Completion? Best(Evaluation evaluation, long from, long to, out long when)
    {
        if (evaluation.Recall(this, from, to, out Completion? best, out when))
        {
            return best;
        }

        best = null;
        when = Rules.When.Never;
        foreach (Completion completion in evaluation.Candidates)
        {
            if (!Identifies(completion) || !evaluation.Counts(completion) || !MeetsConditions(completion))
            {
                continue;
            }

            long at = DateOf(completion, from, to);
            if (at < when || (at == when && at != Rules.When.Never && ComesBefore(completion, best!)))
            {
                best = completion;
                when = at;
            }
        }

        evaluation.Remember(this, from, to, best, when);
        return best;
    }

    public override void CollectDates(Evaluation evaluation, long from, long to, List<long> dates)
    {
        foreach (Completion completion in evaluation.Candidates)
        {
            if (completion.CompletedAt is not null && Identifies(completion) && evaluation.Counts(completion) && MeetsConditions(completion)
                && DateOf(completion, from, to) is var at and not Rules.When.Never)
            {
                dates.Add(at);
            }
        }
    }

    public override void Contribute(Evaluation evaluation, long from, long to, Contributions contributions)
    {
        foreach (Completion completion in evaluation.Candidates)
        {
            if (Identifies(completion) && evaluation.Counts(completion) && MeetsConditions(completion) && DateOf(completion, from, to) is var at and not Rules.When.Never)
            {
                contributions.AddCourse(new Contribution(at, this, completion));
            }
        }
    }

    /// <summary>The completions with a date that fulfil the node, wherever their dates lie.</summary>
    public IEnumerable<Completion> Dated(Evaluation evaluation) =>
        evaluation.Candidates.Where(c => c.CompletedAt is not null && Identifies(c) && evaluation.Counts(c) && MeetsConditions(c));

    /// <summary>The earliest date, for what is dated to the day, that may lie at or after an instant.</summary>
    public long EarliestDay(long from) => Math.Min(from, setting.DateOf(from));

    public override int Distance(Evaluation evaluation, long from, long to) =>
        Best(evaluation, from, to, out _) is not null ? 0 : Near(evaluation).All.Count > 0 ? 1 : 2;

    public override RuleTrace Trace(Evaluation evaluation, long from, long to)
    {
        if (Best(evaluation, from, to, out _) is { } best)
        {
            return new RuleTrace { Node = Words, Met = true, Facts = [best.Key.ToString()] };
        }

        NearCompletions near = Near(evaluation);
        if (near.All.Count == 0)
        {
            return new RuleTrace { Node = Words, Met = false, Missing = noCompletion };
        }

        string[] facts = new string[Math.Min(near.All.Count, 3)];
        for (int i = 0; i < facts.Length; i++)
        {
            facts[i] = near.All[i].Key.ToString();
        }

        return new RuleTrace { Node = Words, Met = false, Facts = facts, Missing = WhyNot(evaluation, near) };
    }

    // Where single completions count one after the other, the leaf is asked for each of them: what it names is looked for once.
    private NearCompletions Near(Evaluation evaluation) => evaluation.Scope.Only is null ? NearCompletions.Of(this, evaluation.Completions) : evaluation.Near(this);

    /// <summary>Whether the completion is of a course that the node names, whatever its date and result.</summary>
    public bool Identifies(Completion completion)
    {
        // The key first: it tells most of them apart.
        Course what = completion.Course;
        if ((key is not null && !key.Matches(what.Key)) || (rule.Source is not null && rule.Source != completion.Key.Source))
        {
            return false;
        }

        if ((rule.ContentType is { } type && type != what.ContentType)
            || (run is not null && (what.Run is null || !run.Matches(what.Run))) || (tagged is not null && !IsTagged(completion)))
        {
            return false;
        }

        foreach ((string name, CourseGlob glob) in attributes)
        {
            if (!what.Attributes.TryGetValue(name, out string? value) || !glob.Matches(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the completion fulfils the node, on whatever date.</summary>
    public bool Accepts(Completion completion) => completion.Status == CompletionStatus.Completed && Identifies(completion) && MeetsConditions(completion);

    private bool IsTagged(Completion completion)
    {
        foreach (TaggedCourses courses in tagged!)
        {
            if (courses.Source == completion.Key.Source && courses.Holds(completion.Course.Key))
            {
                return true;
            }
        }

        return false;
    }

    private bool MeetsConditions(Completion completion) =>
        HasPassed(completion) && (rule.Score is not { } score || score.IsMetBy(completion.Score, limit)) && IsInRange(completion);

    private bool HasPassed(Completion completion) => rule.Passed is { } passed ? completion.Passed == passed : completion.Passed != false;

    // A completion without a date may lie within the range: it stays, and holds the issuance until the date is known.
    private bool IsInRange(Completion completion)
    {
        if (completion.CompletedAt is not { } at)
        {
            return true;
        }

        (long first, long before) = completion.CompletedAtPrecision == TimePrecision.Date ? dates : instants;
        return at.UtcTicks >= first && at.UtcTicks < before;
    }

    private long DateOf(Completion completion, long from, long to)
    {
        if (completion.CompletedAt is { } at)
        {
            // What is dated to the day may have been at any time of that day.
            bool isLateEnough = at.UtcTicks >= from || (completion.CompletedAtPrecision == TimePrecision.Date && at.UtcTicks >= setting.DateOf(from));
            return isLateEnough && at.UtcTicks <= to ? at.UtcTicks : Rules.When.Never;
        }

        return Rules.When.IsUnbounded(from, to) ? Rules.When.Undated : Rules.When.Never;
    }

    private string WhyNot(Evaluation evaluation, NearCompletions near)
    {
        bool counts = false, passed = false, inRange = false, scored = false, scoredEnough = false;
        bool isNear = evaluation.Scope.Only is null;
        foreach (Completion completion in isNear ? near.All : evaluation.Candidates)
        {
            if ((isNear || Identifies(completion)) && evaluation.Counts(completion))
            {
                counts = true;
                passed |= HasPassed(completion);
                inRange |= IsInRange(completion);
                scored |= completion.Score is not null;
                scoredEnough |= rule.Score is not { } score || score.IsMetBy(completion.Score, limit);
            }
        }

        if (!counts)
        {
            return near.AnyLapsed ? $"the completion of {course} was withdrawn or revoked"
                : near.AnyBegun ? begun ??= $"{course} is begun but not completed"
                : $"no completion of {course} that counts for this occurrence";
        }

        if (!passed)
        {
            return notPassed ??= rule.Passed == true ? $"{course} is completed, but the platform does not say that it was passed" : $"{course} is completed, but not passed";
        }

        if (!inRange)
        {
            return notInRange ??= $"{course} is completed, but not{RuleWords.Range(rule)[1..].Replace("completed", "", StringComparison.Ordinal)}";
        }

        return scoredEnough ? $"no completion of {course} meets every condition at the right time"
            : scored ? scoreTooLow ??= $"{course} is completed, but the score is not {rule.Score}"
            : scoreMissing ??= $"{course} is completed, but without a score";
    }

    internal static bool ComesBefore(Completion a, Completion b)
    {
        int order = string.CompareOrdinal(a.Key.Source, b.Key.Source);
        return (order != 0 ? order : string.CompareOrdinal(a.Key.NaturalKey, b.Key.NaturalKey)) < 0;
    }

    private static readonly CourseGlob AnyCourse = new("*");
}
