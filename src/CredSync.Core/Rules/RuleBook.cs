using System.Numerics;
using CredSync.Completions;
using CredSync.Core.Issuance;

namespace CredSync.Core.Rules;

/// <summary>
/// An immutable snapshot of all definitions and rules. It decides purely: the same history gives the same decisions, whatever the order of its
/// parts and the number of times it is asked; the present only tells whether something has expired or lies ahead. Safe for use by many at once.
/// </summary>
public sealed partial class RuleBook
{
    private readonly CompiledDefinition[] compiled;
    private readonly Dictionary<string, int> ranks;
    private readonly RuleIndex index;
    private readonly RuleBookSetting setting;
    private readonly CourseNode[][] courses;

    private RuleBook(IReadOnlyList<CredentialDefinition> sorted, RuleBookSetting setting)
    {
        this.setting = setting;
        ranks = new Dictionary<string, int>(sorted.Count, StringComparer.Ordinal);
        for (int rank = 0; rank < sorted.Count; rank++)
        {
            ranks.Add(sorted[rank].Id, rank);
        }

        compiled = [.. sorted.Select((definition, rank) => new CompiledDefinition(definition, rank, setting, id => ranks[id]))];
        index = new RuleIndex(compiled);
        courses = [.. compiled.Select(c => c.Leaves().OfType<CourseNode>().ToArray())];
        Definitions = [.. sorted.OrderBy(d => d.Id, StringComparer.Ordinal)];
        Revision = RuleBookRevision.Of(Definitions, setting);
    }

    /// <summary>A rule book without definitions.</summary>
    public static RuleBook Empty { get; } = Create([], RuleBookSetting.Default);

    /// <summary>
    /// Hash of everything that decisions and credentials rest on: 16 hexadecimal digits. Comments, order and spelling of the files do not change it.
    /// </summary>
    public string Revision { get; }

    /// <summary>All definitions, by id.</summary>
    public IReadOnlyList<CredentialDefinition> Definitions { get; }

    /// <summary>Makes a rule book.</summary>
    /// <param name="definitions">The definitions, in any order.</param>
    /// <param name="setting">What rules rest on beside.</param>
    /// <exception cref="ArgumentException">Two definitions have the same id, a rule asks for a credential that is not defined, or credentials ask for each other in a circle.</exception>
    public static RuleBook Create(IReadOnlyList<CredentialDefinition> definitions, RuleBookSetting setting)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(setting);
        HashSet<string> ids = new(definitions.Count, StringComparer.Ordinal);
        foreach (CredentialDefinition definition in definitions)
        {
            if (!ids.Add(definition.Id))
            {
                throw new ArgumentException($"Two credentials have the id '{definition.Id}'; rename one of them.", nameof(definitions));
            }
        }

        foreach (CredentialDefinition definition in definitions)
        {
            if (CredentialOrder.AskedFor(definition).FirstOrDefault(c => !ids.Contains(c.Credential)) is { } missing)
            {
                throw new ArgumentException($"Credential '{definition.Id}' asks for '{missing.Credential}', which is not defined.", nameof(definitions));
            }
        }

        List<CredentialDefinition> sorted = CredentialOrder.Sort(definitions, out List<IReadOnlyList<string>> cycles);
        return cycles.Count == 0
            ? new RuleBook(sorted, setting)
            : throw new ArgumentException($"Credentials ask for each other in a circle: {string.Join(", ", cycles[0])}.", nameof(definitions));
    }

    /// <summary>The definition of an id; null when there is none.</summary>
    /// <param name="id">Id of the definition.</param>
    public CredentialDefinition? Find(string id) => ranks.TryGetValue(id, out int rank) ? compiled[rank].Definition : null;

    /// <summary>Decides about every definition whose rule one of the person's completions or credentials can matter to.</summary>
    /// <param name="history">The person's completions and issuances.</param>
    /// <param name="now">The present, UTC. It never becomes a date on a credential.</param>
    /// <returns>
    /// The decisions, a credential before those that ask for it. What the ledger holds already is skipped. Definitions that nothing in the history
    /// touches are left out; when that is all of them, nothing is allocated.
    /// </returns>
    public IReadOnlyList<Decision> Decide(PersonHistory history, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(history);
        // 128 words serve 8192 definitions without touching the heap.
        Span<ulong> marks = index.Words <= 128 ? stackalloc ulong[index.Words] : new ulong[index.Words];
        bool any = false;
        for (int i = 0; i < history.Completions.Count; i++)
        {
            Completion completion = history.Completions[i];
            any |= completion.Status != CompletionStatus.NotCompleted && index.Mark(completion, marks);
        }

        for (int i = 0; i < history.Issuances.Count; i++)
        {
            HeldIssuance held = history.Issuances[i];
            any |= (CountsAsHeld(held) || IsTakenBack(held)) && ranks.TryGetValue(held.Key.Definition, out int rank) && index.MarkDependents(rank, marks);
        }

        return any ? DecideMarked(history, now, marks) : (IReadOnlyList<Decision>)[];
    }

    /// <summary>
    /// Decides after facts changed. What has not left the ledger follows them: it is stopped when it is earned no more, and carries the facts as they are now. The result is the
    /// same as if all facts had come at once, but for what had left before.
    /// </summary>
    /// <param name="history">The person's completions and issuances now.</param>
    /// <param name="before">The person's completions before one or more of them came or changed.</param>
    /// <param name="now">The present, UTC.</param>
    /// <returns>As <see cref="Decide(PersonHistory, DateTimeOffset)"/>; what takes the place of a line that waits says so by <see cref="Decision.Revises"/>.</returns>
    /// <remarks>A line that the rules in force would not have planned with the facts before is left alone: only a plan may change what an earlier rule book decided.</remarks>
    public IReadOnlyList<Decision> Decide(PersonHistory history, IReadOnlyList<Completion> before, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(before);
        IReadOnlyList<Decision> decisions = WaitingLines.Decide(history, before, h => Decide(h, now), TraceOf);
        HashSet<IssuanceKey> stopped = [.. decisions.OfType<Decision.Hold>().Where(d => d.Cause == HoldCauses.NoLongerEarned).Select(d => new IssuanceKey(d.Definition, d.Subject, d.Occurrence))];
        if (stopped.Count == 0)
        {
            return decisions;
        }

        // What has left already may rest on what is stopped here; what waits itself was decided about with it.
        PersonHistory standing = history with
        {
            Issuances = [.. history.Issuances.Select(i => stopped.Contains(i.Key) ? i with { State = IssuanceState.Revoked } : i)],
        };
        HashSet<IssuanceKey> asked = [.. decisions.OfType<Decision.Hold>().Select(d => new IssuanceKey(d.Definition, d.Subject, d.Occurrence))];
        return [.. decisions, .. Fallen(standing).Where(d => new IssuanceKey(d.Definition, d.Subject, d.Occurrence) is var key && !asked.Contains(key) && !history.Issuances.Any(i => i.Key == key && i.Waits))];
    }

    /// <summary>Decides about what asks for one of several credentials that somebody has got just now.</summary>
    /// <param name="history">The person, with them.</param>
    /// <param name="credentials">Ids of the credentials.</param>
    /// <param name="now">The present, UTC.</param>
    /// <returns>The decisions about definitions whose rules ask for one of them, directly or through others.</returns>
    public IReadOnlyList<Decision> DecideResting(PersonHistory history, IReadOnlySet<string> credentials, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(credentials);
        return [.. Decide(history, now).Where(d => !credentials.Contains(d.Definition) && Rests(d.Definition, credentials))];
    }

    /// <summary>Whether any rule asks for one of several credentials.</summary>
    /// <param name="credentials">Their ids.</param>
    public bool AnyRests(IReadOnlySet<string> credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return compiled.Any(c => c.Leaves().OfType<CredentialNode>().Any(l => credentials.Contains(compiled[l.Rank].Definition.Id)));
    }

    private bool Rests(string definition, IReadOnlySet<string> credentials) => Needed(definition).Any(rank => credentials.Contains(compiled[rank].Definition.Id));

    /// <summary>Issuances that rest on a credential which was taken back, as proposals; for policy keep there are none.</summary>
    /// <param name="history">The person now.</param>
    /// <returns>One for each that has left and for each that waits: nothing that counts fulfils its rule, and it would be fulfilled if the credential still counted.</returns>
    public IReadOnlyList<Decision.Hold> Fallen(PersonHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        Evaluation evaluation = Facts(history);
        return evaluation.HasLapsedCredentials
            ? [.. Awarded(history).Where(d => d.AsksForCredentials && d.Definition.OnRevoked != RevocationPolicy.Keep).SelectMany(d => RevocationFinder.Find(d, evaluation, setting, alsoHeld: true))]
            : [];
    }

    /// <summary>Whether any rule names the course of a completion, whatever its date and result.</summary>
    /// <param name="completion">The completion.</param>
    public bool Names(Completion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        Span<ulong> marks = index.Words <= 128 ? stackalloc ulong[index.Words] : new ulong[index.Words];
        if (!index.Mark(completion, marks))
        {
            return false;
        }

        for (int word = 0; word < marks.Length; word++)
        {
            for (ulong left = marks[word]; left != 0; left &= left - 1)
            {
                foreach (CourseNode course in courses[(word << 6) + BitOperations.TrailingZeroCount(left)])
                {
                    if (course.Identifies(completion))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Decides about one definition, or all, with the whole trace: also of what is issued already, and of what nothing in the history touches.</summary>
    /// <param name="history">The person's completions and issuances.</param>
    /// <param name="definition">Id of the definition; null for all.</param>
    /// <param name="now">The present, UTC.</param>
    /// <returns>The decisions; empty when there is no such definition.</returns>
    public IReadOnlyList<Decision> Explain(PersonHistory history, string? definition, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(history);
        DecisionMaker maker = Start(history, now, thorough: true);
        if (definition is null)
        {
            foreach (CompiledDefinition each in compiled)
            {
                maker.Decide(each);
            }

            return maker.Decisions;
        }

        foreach (int each in Needed(definition))
        {
            maker.Decide(compiled[each]);
        }

        return [.. maker.Decisions.Where(d => d.Definition == definition)];
    }

    /// <summary>Issuances that a person's earlier facts earned and the present ones do not, as proposals; for policy keep there are none.</summary>
    /// <param name="before">The completions before one or more of them changed.</param>
    /// <param name="history">The person now.</param>
    public IReadOnlyList<Decision.Hold> Dropped(IReadOnlyList<Completion> before, PersonHistory history)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(history);
        var now = Facts(history);
        var earlier = Facts(history with { Completions = before });
        return [.. Awarded(history).Where(d => d.Definition.OnRevoked != RevocationPolicy.Keep).SelectMany(d => RevocationFinder.FindDropped(d, earlier, now, setting))];
    }

    /// <summary>Whether a person's facts earn an issuance that the ledger holds.</summary>
    /// <param name="history">The person.</param>
    /// <param name="issuance">Its key.</param>
    /// <returns>Null when its definition is gone, so that nobody can tell.</returns>
    public bool? StillEarns(PersonHistory history, IssuanceKey issuance)
    {
        ArgumentNullException.ThrowIfNull(history);
        return ranks.TryGetValue(issuance.Definition, out int rank)
            ? RevocationFinder.IsFulfilled(compiled[rank], Facts(history), Line(history, issuance), setting)
            : null;
    }

    private static HeldIssuance Line(PersonHistory history, IssuanceKey issuance) =>
        history.Issuances.Where(i => i.Key == issuance).DefaultIfEmpty(new HeldIssuance(issuance, IssuanceState.Issued, null, null)).First();

    /// <summary>Decides about one definition and those whose credentials it asks for.</summary>
    internal IReadOnlyList<Decision> DecideWithNeeded(PersonHistory history, IReadOnlyList<Completion> before, string definition, DateTimeOffset now) =>
        WaitingLines.Decide(history, before, h => DecideWithNeeded(h, definition, now), TraceOf);

    private List<Decision> DecideWithNeeded(PersonHistory history, string definition, DateTimeOffset now)
    {
        DecisionMaker maker = Start(history, now, thorough: false);
        foreach (int each in Needed(definition))
        {
            maker.Decide(compiled[each]);
        }

        return maker.Decisions;
    }

    private RuleTrace TraceOf(PersonHistory history, string definition) => compiled[ranks[definition]].Earn.Trace(Facts(history), When.Start, When.End);

    // A definition and, below it, those whose credentials it asks for.
    private SortedSet<int> Needed(string definition)
    {
        SortedSet<int> needed = [];
        Stack<int> open = new(ranks.TryGetValue(definition, out int rank) ? [rank] : []);
        while (open.TryPop(out int next))
        {
            if (needed.Add(next))
            {
                foreach (CredentialNode asked in compiled[next].Leaves().OfType<CredentialNode>())
                {
                    open.Push(asked.Rank);
                }
            }
        }

        return needed;
    }

    private List<Decision> DecideMarked(PersonHistory history, DateTimeOffset now, Span<ulong> marks)
    {
        DecisionMaker maker = Start(history, now, thorough: false);
        for (int word = 0; word < marks.Length; word++)
        {
            // Deciding may mark definitions of higher rank, also in this word; they are read again each time.
            while (marks[word] != 0)
            {
                int bit = BitOperations.TrailingZeroCount(marks[word]);
                marks[word] &= ~(1UL << bit);
                int rank = (word << 6) + bit;
                if (maker.Decide(compiled[rank]))
                {
                    index.MarkDependents(rank, marks);
                }
            }
        }

        return maker.Decisions;
    }

    private IEnumerable<CompiledDefinition> Awarded(PersonHistory history) =>
        history.Issuances.Select(i => i.Key.Definition).Distinct(StringComparer.Ordinal).Where(ranks.ContainsKey).Select(id => compiled[ranks[id]]);

    private DecisionMaker Start(PersonHistory history, DateTimeOffset now, bool thorough) => new(setting, Facts(history), now, thorough);

    private Evaluation Facts(PersonHistory history)
    {
        var evaluation = new Evaluation(history);
        for (int i = 0; i < history.Issuances.Count; i++)
        {
            HeldIssuance held = history.Issuances[i];
            if (held.EarnedAt is not { } earned || !ranks.TryGetValue(held.Key.Definition, out int rank))
            {
                continue;
            }

            var fact = new CredentialFact(rank, earned.UtcTicks, held.ExpiresAt?.UtcTicks ?? long.MaxValue);
            if (CountsAsHeld(held))
            {
                evaluation.Add(fact);
            }
            else if (IsTakenBack(held))
            {
                evaluation.AddLapsed(fact);
            }
        }

        return evaluation;
    }

    private static bool IsTakenBack(HeldIssuance held) => held.State == IssuanceState.Revoked;

    private static bool CountsAsHeld(HeldIssuance held) => held.State is IssuanceState.Planned or IssuanceState.Sent or IssuanceState.Issued;
}
