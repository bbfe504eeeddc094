using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>
/// Tells for one length of time after another whether the facts in it fulfil a group, or on which date all that a rule needs was there and valid. The facts lie in the order of their dates,
/// and only those that come in or fall out from one question to the next are looked at: asking the whole rule anew for each date takes time with the square of the facts.
/// </summary>
internal sealed class WindowSweep
{
    private readonly Part root;
    private readonly Line instants = new();
    private readonly Line days = new();
    private readonly List<Term>? terms;
    private CourseNode? calendar;

    private WindowSweep(RuleNode node, Evaluation evaluation, bool withTerms)
    {
        terms = withTerms ? [] : null;
        root = PartOf(node, null, evaluation);
        instants.Sort();
        days.Sort();
    }

    /// <summary>Makes one; null when a group below has an order or a length of time of its own, so that more matters than which facts there are.</summary>
    public static WindowSweep? Of(GroupNode group, Evaluation evaluation) => group.Children.All(IsPlain) ? new WindowSweep(group, evaluation, withTerms: false) : null;

    /// <summary>The first of several dates on which all that a rule needs had happened, and every credential that it needs was valid.</summary>
    /// <param name="node">The rule.</param>
    /// <param name="evaluation">The facts.</param>
    /// <param name="dates">The dates, in their order.</param>
    /// <param name="first">The date, in UTC ticks; <see cref="When.Never"/> when there is none.</param>
    /// <returns>False when the rule has an order or a length of time, so that each date must be asked about.</returns>
    public static bool TryFindValid(RuleNode node, Evaluation evaluation, List<long> dates, out long first)
    {
        first = When.Never;
        if (!IsPlain(node))
        {
            return false;
        }

        var sweep = new WindowSweep(node, evaluation, withTerms: true);
        Term[] begins = [.. sweep.terms!.OrderBy(static t => t.From)], ends = [.. sweep.terms!.OrderBy(static t => t.Before)];
        int begun = 0, ended = 0;
        foreach (long at in dates)
        {
            sweep.instants.Move(When.Start, at);
            sweep.days.Move(When.Start, at);
            for (; begun < begins.Length && begins[begun].From <= at; begun++)
            {
                begins[begun].Part.Change(1);
            }

            for (; ended < ends.Length && ends[ended].Before <= at; ended++)
            {
                ends[ended].Part.Change(-1);
            }

            if (sweep.root.IsFulfilled)
            {
                first = at;
                return true;
            }
        }

        return true;
    }

    /// <summary>Whether the facts from one instant to another, both inclusive, fulfil the group.</summary>
    /// <param name="start">The first instant, in UTC ticks. Quickest when it is near the one before.</param>
    /// <param name="end">The last instant, likewise.</param>
    public bool IsFulfilled(long start, long end)
    {
        instants.Move(start, end);
        if (calendar is not null)
        {
            days.Move(calendar.EarliestDay(start), end);
        }

        return root.IsFulfilled;
    }

    private static bool IsPlain(RuleNode node) => node is not GroupNode group || (group.IsPlain && group.Children.All(IsPlain));

    private Part PartOf(RuleNode node, Part? above, Evaluation evaluation)
    {
        var part = new Part(above);
        switch (node)
        {
            case GroupNode group:
                part.Needed = group.Count ?? (group.IsAll ? group.Children.Count : 1);
                var courses = new Dictionary<(string, string), Part>();
                foreach (RuleNode child in group.Children)
                {
                    if (group.Count is not null && child is CourseNode course)
                    {
                        AddCourses(part, course, courses, evaluation);
                    }
                    else
                    {
                        PartOf(child, part, evaluation);
                    }
                }

                break;
            case CourseNode course:
                foreach (Completion completion in course.Dated(evaluation))
                {
                    Add(completion, part, course);
                }

                break;
            case CredentialNode credential when terms is not null:
                // One that had run out before it was got was never valid.
                terms.AddRange(credential.Held(evaluation).Where(f => f.Before > f.From).Select(f => new Term(f.From, f.Before, part)));
                break;
            case CredentialNode credential:
                foreach (long at in credential.Valid(evaluation))
                {
                    instants.Facts.Add(new Fact(at, part));
                }

                break;
            default:
                break;
        }

        return part;
    }

    // For "at least n of" each different course counts once, whichever of the nodes it meets.
    private void AddCourses(Part group, CourseNode course, Dictionary<(string, string), Part> courses, Evaluation evaluation)
    {
        foreach (Completion completion in course.Dated(evaluation))
        {
            (string, string) which = (completion.Key.Source, completion.Course.Key);
            if (!courses.TryGetValue(which, out Part? one))
            {
                courses.Add(which, one = new Part(group));
            }

            Add(completion, one, course);
        }
    }

    private void Add(Completion completion, Part part, CourseNode course)
    {
        bool isDay = completion.CompletedAtPrecision == TimePrecision.Date;
        calendar = isDay ? course : calendar;
        (isDay ? days : instants).Facts.Add(new Fact(completion.CompletedAt!.Value.UtcTicks, part));
    }

    /// <summary>A fact with a date, and what it stands for.</summary>
    private readonly record struct Fact(long At, Part Part);

    /// <summary>From when a credential is valid, and until when.</summary>
    private readonly record struct Term(long From, long Before, Part Part);

    /// <summary>A leaf or a course, which takes one fact, or a group, which takes some of those below it.</summary>
    private sealed class Part(Part? above)
    {
        private int present;

        /// <summary>How many it takes.</summary>
        public int Needed { get; set; } = 1;

        public bool IsFulfilled => present >= Needed;

        /// <summary>One more, or one less; told upwards only when that decides something.</summary>
        public void Change(int by)
        {
            bool before = IsFulfilled;
            present += by;
            if (IsFulfilled != before)
            {
                above?.Change(by);
            }
        }
    }

    /// <summary>Facts in the order of their dates, and which of them lie in the window.</summary>
    private sealed class Line
    {
        private int first;
        private int after;

        public List<Fact> Facts { get; } = [];

        public void Sort() => Facts.Sort(static (a, b) => a.At.CompareTo(b.At));

        // A month before the last days of two months of different length may be the same day: the beginning may also move back.
        public void Move(long start, long end)
        {
            while (after < Facts.Count && Facts[after].At <= end)
            {
                Facts[after++].Part.Change(1);
            }

            while (after > 0 && Facts[after - 1].At > end)
            {
                Facts[--after].Part.Change(-1);
            }

            while (first > 0 && Facts[first - 1].At >= start)
            {
                Facts[--first].Part.Change(1);
            }

            while (first < Facts.Count && Facts[first].At < start)
            {
                Facts[first++].Part.Change(-1);
            }
        }
    }
}
