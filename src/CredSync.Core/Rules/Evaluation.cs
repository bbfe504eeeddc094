using CredSync.Completions;

namespace CredSync.Core.Rules;

/// <summary>Which completions count for one occurrence. The default value lets all count.</summary>
internal readonly record struct Scope
{
    /// <summary>First instant, in UTC ticks; 0 for any.</summary>
    public long From { get; init; }

    /// <summary>Instant before which it must be, in UTC ticks; 0 for any.</summary>
    public long Before { get; init; }

    /// <summary>As <see cref="From"/>, for completions that are dated to the day.</summary>
    public long FromDate { get; init; }

    /// <summary>As <see cref="Before"/>, for completions that are dated to the day.</summary>
    public long BeforeDate { get; init; }

    /// <summary>The run; null for any.</summary>
    public string? Run { get; init; }

    /// <summary>The only completion; null for any.</summary>
    public Completion? Only { get; init; }

    /// <summary>Whether only those without a date count.</summary>
    public bool Undated { get; init; }

    /// <summary>Whether only those without a run count.</summary>
    public bool WithoutRun { get; init; }

    public bool IsDated => From != 0 || Before != 0;

    /// <summary>Whether all count.</summary>
    public bool IsWide => From == 0 && Before == 0 && Run is null && Only is null && !Undated && !WithoutRun;

    public bool Holds(Completion completion)
    {
        if (Only is not null && !ReferenceEquals(Only, completion) && Only.Key != completion.Key)
        {
            return false;
        }

        if ((Run is not null && completion.Course.Run != Run) || (Undated && completion.CompletedAt is not null) || (WithoutRun && completion.Course.Run is not null))
        {
            return false;
        }

        if (!IsDated)
        {
            return true;
        }

        (long from, long before) = completion.CompletedAtPrecision == TimePrecision.Date ? (FromDate, BeforeDate) : (From, Before);
        return completion.CompletedAt is { } at && at.UtcTicks >= from && (before == 0 || at.UtcTicks < before);
    }
}

/// <summary>A credential that the person holds or earns now.</summary>
/// <param name="Rank">Rank of its definition.</param>
/// <param name="From">When it was earned, UTC ticks.</param>
/// <param name="Before">When it expires, UTC ticks; <see cref="long.MaxValue"/> when it does not.</param>
internal readonly record struct CredentialFact(int Rank, long From, long Before);

/// <summary>A fact that fulfils a node.</summary>
/// <param name="Completion">The completion; null for a credential.</param>
/// <param name="Credential">Id of the credential's definition; null for a completion.</param>
/// <param name="At">Its date in UTC ticks, or <see cref="When.Undated"/>.</param>
internal readonly record struct Choice(Completion? Completion, string? Credential, long At);

/// <summary>
/// When a node became fulfilled, in UTC ticks. Fulfilled on an unknown date and not fulfilled sort after every date, so that
/// "any" is the smallest, "all" the largest and "at least n" the n-th smallest of the nodes below.
/// </summary>
internal static class When
{
    public const long Never = long.MaxValue;
    public const long Undated = long.MaxValue - 1;
    public const long Start = long.MinValue;
    public const long End = long.MaxValue;

    /// <summary>Whether facts without a date may be looked at: nothing is known of where they lie.</summary>
    public static bool IsUnbounded(long from, long to) => from == Start && to == End;
}

/// <summary>The facts of one person while rules are evaluated, and what counts of them at this moment.</summary>
internal sealed class Evaluation
{
    // The same leaf is asked several times for one decision: when, by what, and with which trace.
    private const int Remembered = 4;

    // Fewer credentials than these are looked through as quickly.
    private const int WorthASet = 16;

    private readonly List<CredentialFact> credentials = [];
    private HashSet<CredentialFact>? known;
    private Completion[]? single;
    private List<CredentialFact>? lapsed;
    private ILookup<string, Completion>? named;
    private Dictionary<CourseNode, NearCompletions>? near;
    private bool? hasTwins;
    private readonly Answer[] answers = new Answer[Remembered];
    private Scope scope;
    private bool isWide = true;
    private bool countsLapsed;
    private int moment;

    /// <summary>Begins with everything counting.</summary>
    /// <param name="history">The person.</param>
    public Evaluation(PersonHistory history)
    {
        History = history;
        Completions = history.Completions as Completion[] ?? [.. history.Completions];
        Candidates = Completions;
        HasLapsed = AnyLapsed(Completions);
    }

    public PersonHistory History { get; }

    public Completion[] Completions { get; }

    /// <summary>The completions of which one may count at this moment: all, or, where a single one does, that one.</summary>
    public Completion[] Candidates { get; private set; }

    public Scope Scope
    {
        get => scope;
        set
        {
            bool wide = value.IsWide;
            if (!wide || !isWide)
            {
                (scope, isWide) = (value, wide);
                Candidates = value.Only is { } only && !HasTwins ? Alone(only) : Completions;
                moment++;
            }
        }
    }

    /// <summary>Whether withdrawn and revoked completions, and credentials that were taken back, count as if they were not.</summary>
    public bool CountsLapsed
    {
        get => countsLapsed;
        set
        {
            countsLapsed = value;
            moment++;
        }
    }

    /// <summary>The instant at which credentials must be valid, UTC ticks; null when their expiry does not matter.</summary>
    public long? ValidAt { get; set; }

    public IReadOnlyList<CredentialFact> Credentials => countsLapsed && lapsed is not null ? [.. credentials, .. lapsed] : credentials;

    /// <summary>Whether the person had credentials that were taken back.</summary>
    public bool HasLapsedCredentials => lapsed is not null;

    public bool HasLapsed { get; }

    /// <summary>Adds a credential that counts; one that is there already, once.</summary>
    public void Add(CredentialFact credential)
    {
        if (credentials.Count < WorthASet ? !credentials.Contains(credential) : (known ??= [.. credentials]).Add(credential))
        {
            credentials.Add(credential);
        }
    }

    /// <summary>The completions, whatever became of them, that an occurrence is named by; see <see cref="OccurrenceFinder.NameOf(CompletionKey)"/>.</summary>
    public IEnumerable<Completion> NamedBy(string occurrence) => (named ??= Completions.ToLookup(c => OccurrenceFinder.NameOf(c.Key), StringComparer.Ordinal))[occurrence];

    /// <summary>The completions of courses that a leaf names, whatever is wrong with them, gathered once for all occurrences that single completions stand for.</summary>
    public NearCompletions Near(CourseNode node)
    {
        near ??= [];
        if (!near.TryGetValue(node, out NearCompletions? found))
        {
            near.Add(node, found = NearCompletions.Of(node, Completions));
        }

        return found;
    }

    /// <summary>Adds a credential that was taken back.</summary>
    public void AddLapsed(CredentialFact credential) => (lapsed ??= []).Add(credential);

    public bool Counts(Completion completion) =>
        (completion.Status == CompletionStatus.Completed || (countsLapsed && IsLapsed(completion))) && (isWide || scope.Holds(completion));

    /// <summary>The completion that fulfils a leaf, if that was found before and what counts has not changed since.</summary>
    public bool Recall(CourseNode node, long from, long to, out Completion? best, out long when)
    {
        ref Answer answer = ref answers[node.Place % Remembered];
        (best, when) = (answer.Best, answer.When);
        return ReferenceEquals(answer.Node, node) && answer.Moment == moment && answer.From == from && answer.To == to;
    }

    /// <summary>Keeps what was found.</summary>
    public void Remember(CourseNode node, long from, long to, Completion? best, long when) => answers[node.Place % Remembered] = new Answer(node, moment, from, to, best, when);

    // A ledger has one completion a key; a caller of the library may hand over two.
    private bool HasTwins => hasTwins ??= Completions.DistinctBy(c => c.Key).Count() < Completions.Length;

    private Completion[] Alone(Completion only)
    {
        single ??= new Completion[1];
        single[0] = only;
        return single;
    }

    private static bool AnyLapsed(Completion[] completions)
    {
        for (int i = 0; i < completions.Length; i++)
        {
            if (IsLapsed(completions[i]))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsLapsed(Completion completion) => completion.Status is CompletionStatus.Withdrawn or CompletionStatus.Revoked;

    private readonly record struct Answer(CourseNode? Node, int Moment, long From, long To, Completion? Best, long When);
}

/// <summary>The completions of courses that one leaf names, and what became of them.</summary>
/// <param name="All">Them, in the order of their keys.</param>
/// <param name="AnyLapsed">Whether one of them was withdrawn or revoked.</param>
/// <param name="AnyBegun">Whether one of them is only begun.</param>
internal sealed record NearCompletions(IReadOnlyList<Completion> All, bool AnyLapsed, bool AnyBegun)
{
    private static readonly NearCompletions None = new([], false, false);

    public static NearCompletions Of(CourseNode node, Completion[] completions)
    {
        List<Completion>? all = null;
        bool lapsed = false, begun = false;
        foreach (Completion completion in completions)
        {
            if (node.Identifies(completion))
            {
                (all ??= new List<Completion>(1)).Add(completion);
                lapsed |= Evaluation.IsLapsed(completion);
                begun |= completion.Status == CompletionStatus.NotCompleted;
            }
        }

        if (all is null)
        {
            return None;
        }

        if (all.Count > 1)
        {
            all.Sort(static (a, b) => ReferenceEquals(a, b) ? 0 : CourseNode.ComesBefore(a, b) ? -1 : 1);
        }

        return new NearCompletions(all, lapsed, begun);
    }
}
