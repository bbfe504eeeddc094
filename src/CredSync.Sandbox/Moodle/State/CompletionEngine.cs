namespace CredSync.Sandbox.Moodle.State;

/// <summary>Turns met criteria into completed courses, in the steps in which Moodle does it.</summary>
internal sealed class CompletionEngine(MoodleWorld world)
{
    /// <summary>A criterion is met; it counts at the next aggregation.</summary>
    public static void Meet(CourseState course, int userId, int index, DateTimeOffset at)
    {
        CompletionState completion = course.CompletionOf(userId);
        if (completion.Criteria[index] is null)
        {
            completion.Criteria[index] = at;
            completion.Uncounted = true;
        }
    }

    /// <summary>Meets every criterion of one learner that nobody marks by hand: grades and prerequisite courses.</summary>
    public void Review(CourseState course, int userId, DateTimeOffset now)
    {
        for (int i = 0; i < course.Course.Criteria.Count; i++)
        {
            switch (course.Course.Criteria[i])
            {
                case MoodleCriterion.Grade grade when course.Totals.TryGetValue(userId, out GradeState? total) && total.Value >= grade.Required:
                    Meet(course, userId, i, now);
                    break;
                case MoodleCriterion.Prerequisite prerequisite when CompletedAt(prerequisite.CourseId, userId) is { } at:
                    Meet(course, userId, i, at);
                    break;
            }
        }
    }

    /// <summary>Counts the criteria of one learner; completes the course when they are enough.</summary>
    /// <returns>Whether the course became complete now.</returns>
    public static bool Aggregate(CourseState course, int userId)
    {
        if (!course.Completions.TryGetValue(userId, out CompletionState? completion))
        {
            return false;
        }

        completion.Uncounted = false;
        if (completion.CompletedAt is not null || !course.Course.CompletionEnabled || !IsEnough(course.Course, completion))
        {
            return false;
        }

        completion.CompletedAt = completion.Criteria.Max();
        return true;
    }

    /// <summary>What Moodle does within the request of an act that counts at once, and everything else too when cron follows every act.</summary>
    public void AfterAct(CourseState course, int userId, DateTimeOffset now, bool aggregatesAtOnce)
    {
        bool immediate = world.Cron == MoodleCron.AfterEveryAct;
        if (immediate)
        {
            Review(course, userId, now);
        }

        if ((immediate || aggregatesAtOnce) && Aggregate(course, userId))
        {
            AfterCompletion(course, userId, now);
        }
    }

    /// <summary>Awards badges, and looks at the courses that wait for this one.</summary>
    public void AfterCompletion(CourseState course, int userId, DateTimeOffset now)
    {
        world.AwardBadges(userId, now);
        world.TellCompletion(course, userId, now);
        if (world.Cron == MoodleCron.AfterEveryAct)
        {
            foreach (CourseState dependent in world.DependentsOf(course.Course.Id).Where(dependent => dependent.Enrolments.ContainsKey(userId)))
            {
                AfterAct(dependent, userId, now, aggregatesAtOnce: false);
            }
        }
    }

    /// <summary>One run of cron: what was met before it is counted, what it meets itself waits for the next run.</summary>
    public void RunCron(IEnumerable<CourseState> courses, DateTimeOffset now)
    {
        List<(CourseState Course, int UserId)> waiting = [];
        List<CourseState> all = [.. courses];
        foreach (CourseState course in all)
        {
            waiting.AddRange(course.Completions.Where(entry => entry.Value.Uncounted).Select(entry => (course, entry.Key)));
        }

        foreach (CourseState course in all)
        {
            foreach (MoodleEnrolment enrolment in course.ByUserId().Where(enrolment => course.Tracks(enrolment.UserId, now)))
            {
                Review(course, enrolment.UserId, now);
            }
        }

        foreach ((CourseState course, int userId) in waiting)
        {
            if (Aggregate(course, userId))
            {
                AfterCompletion(course, userId, now);
            }
        }
    }

    private DateTimeOffset? CompletedAt(int courseId, int userId) =>
        world.FindCourse(courseId) is { } course && course.Completions.TryGetValue(userId, out CompletionState? completion) ? completion.CompletedAt : null;

    private static bool IsEnough(MoodleCourse course, CompletionState completion)
    {
        bool any = false;
        bool all = course.Criteria.Count > 0;
        foreach (IGrouping<int, bool> kind in course.Criteria.Select((criterion, i) => (criterion.Type, Met: completion.Criteria[i] is not null)).GroupBy(x => x.Type, x => x.Met))
        {
            bool met = AggregationOf(course, kind.Key) == MoodleAggregation.Any ? kind.Any(x => x) : kind.All(x => x);
            any |= met;
            all &= met;
        }

        return course.Aggregation == MoodleAggregation.Any ? any : all;
    }

    private static MoodleAggregation AggregationOf(MoodleCourse course, int type) => type switch
    {
        4 => course.ActivityAggregation,
        8 => course.PrerequisiteAggregation,
        _ => MoodleAggregation.All,
    };
}
