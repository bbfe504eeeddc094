using System.Globalization;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Moodle;

/// <summary>What reading a page of learners gave.</summary>
/// <param name="Completions">What is complete.</param>
/// <param name="Unreadable">What could not be read.</param>
/// <param name="CourseRefused">Whether the rest of the course is refused as well.</param>
internal sealed record MoodleCoursePage(IReadOnlyList<Completion> Completions, IReadOnlyList<UnreadableRecord> Unreadable, bool CourseRefused);

/// <summary>Reads learners of one course: asks those whose state may have changed, a few at once, and compares with what the ledger knows.</summary>
internal sealed class MoodleCourseReader(
    SourceIdentity source, MoodleClient client, MoodleOptions options, MoodleCourse course, IReadOnlyDictionary<long, MoodleAttempt> known, int sweep, MoodleReport? report = null)
{
    // A refusal may concern one learner (separate groups) or the course; so many of them, and not one answer, are taken for the course.
    private const int RefusalsBelieved = 5;

    /// <summary>Reads a page of learners.</summary>
    /// <param name="rows">The learners as listed.</param>
    /// <param name="ct">Cancels the calls.</param>
    /// <exception cref="SourceException">The site cannot be read.</exception>
    public async Task<MoodleCoursePage> ReadAsync(IReadOnlyList<JsonElement> rows, CancellationToken ct)
    {
        List<UnreadableRecord> aside = [];
        List<MoodleLearner> asked = [];
        foreach (JsonElement row in rows)
        {
            if (Learner(row) is not { } learner)
            {
                aside.Add(new UnreadableRecord($"course {course.Id}", "learner-malformed",
                    $"A row in the list of learners of course {course.Id} has no readable user id: ask the site's administrator which plugin changes the list."));
            }
            else if (IsAsked(learner))
            {
                asked.Add(learner);
            }
        }

        Reading[] readings = new Reading[asked.Count];
        int answered = 0;
        int refused = 0;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            await Parallel.ForAsync(0, asked.Count, new ParallelOptions { MaxDegreeOfParallelism = options.ConcurrentCalls, CancellationToken = stop.Token }, async (index, token) =>
            {
                // The loop itself hears of the stop a little later.
                stop.Token.ThrowIfCancellationRequested();
                readings[index] = await ReadAsync(asked[index], token).ConfigureAwait(false);
                if (readings[index].Refused is null)
                {
                    Interlocked.Increment(ref answered);
                }
                else if (Interlocked.Increment(ref refused) >= RefusalsBelieved && Volatile.Read(ref answered) == 0)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // Stopped by refusals, which stand among the readings.
        }

        aside.AddRange(readings.Select(reading => reading.Learner).OfType<UnreadableRecord>());
        aside.AddRange(readings.SelectMany(reading => new[] { reading.Refused, reading.Grades }).OfType<UnreadableRecord>().DistinctBy(record => record.Cause));
        return new MoodleCoursePage([.. readings.Select(reading => reading.Completion).OfType<Completion>()], aside, refused > 0 && answered == 0);
    }

    /// <summary>Asks for one learner, whose turn it is or not.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="ct">Cancels the calls.</param>
    public async Task<MoodleCoursePage> LookAsync(MoodleLearner learner, CancellationToken ct)
    {
        Reading reading = await ReadAsync(learner, ct).ConfigureAwait(false);
        return new MoodleCoursePage(reading.Completion is { } completion ? [completion] : [], [.. new[] { reading.Learner, reading.Refused, reading.Grades }.OfType<UnreadableRecord>()], false);
    }

    /// <summary>
    /// Everyone who is not known to be complete is asked each time, unless a report shows that they are not; the others in slices, so that corrections show without asking all.
    /// </summary>
    private bool IsAsked(MoodleLearner learner)
    {
        bool knownComplete = known.TryGetValue(learner.Id, out MoodleAttempt last) && last.Status == CompletionStatus.Completed;
        return (!knownComplete && report?.IsOpen(course.Key, learner) is not true) || learner.Id % options.ReverifySlices == sweep % options.ReverifySlices;
    }

    private async Task<Reading> ReadAsync(MoodleLearner learner, CancellationToken ct)
    {
        MoodleAttempt? last = known.TryGetValue(learner.Id, out MoodleAttempt attempt) ? attempt : null;
        bool knownComplete = last?.Status == CompletionStatus.Completed;
        MoodleAnswer<MoodleStatus> answer = await client.GetStatusAsync(course.Id, learner.Id, ct).ConfigureAwait(false);
        if (answer.Value is not { } status)
        {
            return MoodleErrors.ScopeOf(answer.Refusal!) switch
            {
                MoodleScope.Course => new Reading { Refused = MoodleErrors.OfCourse(answer.Refusal!, course.Id) },
                // Not enrolled (any more) says nothing about a completion: neither given nor taken.
                MoodleScope.Learner => default,
                _ => new Reading { Learner = MoodleErrors.OfLearner(answer.Refusal!, course.Id, learner.Id) },
            };
        }

        if (!status.Completed)
        {
            return knownComplete ? new Reading { Learner = Vanished(learner.Id, last!.Value.Attempt) } : default;
        }

        DateTimeOffset? completedAt = MoodleMapping.CompletedAt(status) ?? report?.DateOf(course.Key, learner);
        if (completedAt is null && knownComplete)
        {
            // Nothing new: who is known to be complete keeps the date that is known, or goes on waiting for one.
            return default;
        }

        // Complete, but no date anywhere: a fact all the same. What it earns is held until a person or the platform gives the day, because a credential must carry the day on
        // which it was earned and the day of reading is not that day.
        if (MoodleAttempts.Next(last, completedAt, options.NewAttemptAfter) is not { } number)
        {
            return default;
        }

        if (!options.Grades)
        {
            return new Reading { Completion = Map(learner, completedAt, number, null) };
        }

        MoodleAnswer<MoodleGrades> grades = await client.GetGradesAsync(course.Id, learner.Id, ct).ConfigureAwait(false);
        return grades.Value is { } read
            ? new Reading { Completion = Map(learner, completedAt, number, read) }
            : WithoutGrade(learner, completedAt, number, grades.Refusal!, knownComplete);
    }

    /// <summary>
    /// A completion is a fact without its grade too, and is yielded; but one that is known is left as it is, or the grade it has would be lost to a missing right.
    /// </summary>
    private Reading WithoutGrade(MoodleLearner learner, DateTimeOffset? completedAt, int number, MoodleRefusal refusal, bool knownComplete)
    {
        MoodleScope scope = MoodleErrors.ScopeOf(refusal);
        return new Reading
        {
            Completion = knownComplete ? null : Map(learner, completedAt, number, null),
            Grades = scope == MoodleScope.Course ? MoodleErrors.OfCourse(refusal, course.Id) : null,
            Learner = scope == MoodleScope.Unknown ? MoodleErrors.OfLearner(refusal, course.Id, learner.Id) : null,
        };
    }

    private Completion Map(MoodleLearner learner, DateTimeOffset? completedAt, int number, MoodleGrades? grades) =>
        MoodleMapping.Map(source.Name, course, learner, completedAt, number, grades, options.TrustEmail);

    private UnreadableRecord Vanished(long user, int attempt) => new(
        Reference(user),
        "completion-vanished",
        $"Moodle shows user {user} as not complete in course {course.Id}, who was complete before (criteria were unlocked, or the course was reset): nothing is withdrawn; withdraw it by hand if it was wrong.")
    {
        Missing = MoodleAttempts.Key(user, course.Id, attempt),
    };

    private string Reference(long user) => string.Create(CultureInfo.InvariantCulture, $"course {course.Id}, user {user}");

    private static MoodleLearner? Learner(JsonElement row)
    {
        try
        {
            return row.Deserialize<MoodleLearner>(Tolerant.Json) is { Id: > 0 } learner ? learner : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private readonly record struct Reading
    {
        public Completion? Completion { get; init; }

        public UnreadableRecord? Learner { get; init; }

        public UnreadableRecord? Refused { get; init; }

        public UnreadableRecord? Grades { get; init; }
    }
}
