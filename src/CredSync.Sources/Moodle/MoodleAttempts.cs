using System.Globalization;
using CredSync.Completions;

namespace CredSync.Sources.Moodle;

/// <summary>What the ledger knows of one learner in one course: the last attempt.</summary>
/// <param name="Attempt">Number of the attempt, from 1.</param>
/// <param name="Status">Its status at the last reading.</param>
/// <param name="CompletedAt">Its completion time.</param>
internal readonly record struct MoodleAttempt(int Attempt, CompletionStatus Status, DateTimeOffset? CompletedAt);

/// <summary>Natural keys of Moodle completions, <c>userId|courseId|attempt</c> (source-apis.md section 6.2), and how attempts are counted.</summary>
internal static class MoodleAttempts
{
    /// <summary>The natural key.</summary>
    public static string Key(long userId, long courseId, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{userId}|{courseId}|{attempt}");

    /// <summary>The last known attempt of each learner, under the course's key, and under its numeric id in case its idnumber was given later.</summary>
    public static async Task<Dictionary<long, MoodleAttempt>> KnownAsync(MoodleCourse course, IKnownCompletions known, CancellationToken ct)
    {
        IReadOnlyList<KnownCompletion> byKey = await known.OfCourseAsync(course.Key, ct).ConfigureAwait(false);
        string id = course.Id.ToString(CultureInfo.InvariantCulture);
        IReadOnlyList<KnownCompletion> byId = course.Key == id ? [] : await known.OfCourseAsync(id, ct).ConfigureAwait(false);
        return LastByUser(byKey.Concat(byId), course.Id);
    }

    /// <summary>The last known attempt of each learner of a course.</summary>
    /// <param name="known">What the ledger knows; keys of other courses or of another form are passed over.</param>
    /// <param name="courseId">The course.</param>
    public static Dictionary<long, MoodleAttempt> LastByUser(IEnumerable<KnownCompletion> known, long courseId)
    {
        Dictionary<long, MoodleAttempt> last = [];
        foreach (KnownCompletion completion in known)
        {
            if (TryParse(completion.NaturalKey, out long user, out long course, out int attempt) && course == courseId
                && (!last.TryGetValue(user, out MoodleAttempt other) || other.Attempt < attempt))
            {
                last[user] = new MoodleAttempt(attempt, completion.Status, completion.CompletedAt);
            }
        }

        return last;
    }

    /// <summary>
    /// Which attempt a completion is. A completion that was withdrawn or reset and completes again, later than before, is a new one; everything else is
    /// a revision of the one that is known: the site may correct its date, and a withdrawal that Moodle does not confirm is taken back.
    /// </summary>
    /// <param name="known">The last known attempt; null when there is none.</param>
    /// <param name="completedAt">When Moodle says that it was completed; null when it does not say, which is never a new attempt of a known completion.</param>
    /// <param name="newAfter">From how much later a date is of a new attempt though nothing was seen to be reset between; null: never.</param>
    /// <returns>The attempt; null when an explicit revocation stands against the very completion that Moodle still shows.</returns>
    public static int? Next(MoodleAttempt? known, DateTimeOffset? completedAt, TimeSpan? newAfter = null)
    {
        if (known is not { } last)
        {
            return 1;
        }

        // A recompletion plugin resets and the learner completes again between two readings: only the date tells.
        bool again = newAfter is { } after && last.CompletedAt is { } first && completedAt - first >= after;
        bool over = again || last.Status is CompletionStatus.Withdrawn or CompletionStatus.Revoked;
        bool later = completedAt is not null && (last.CompletedAt is not { } before || completedAt > before);
        return (over, later, last.Status) switch
        {
            (true, true, _) => last.Attempt + 1,
            (true, false, CompletionStatus.Revoked) => null,
            _ => last.Attempt,
        };
    }

    private static bool TryParse(string key, out long user, out long course, out int attempt)
    {
        string[] parts = key.Split('|');
        user = course = attempt = 0;
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out user)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out course)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out attempt)
            && attempt > 0;
    }
}
