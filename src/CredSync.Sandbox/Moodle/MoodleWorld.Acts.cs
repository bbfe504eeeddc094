using System.Security.Cryptography;
using System.Text;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle;

/// <content>What people and administrators do.</content>
public sealed partial class MoodleWorld
{
    /// <summary>A learner marks a course complete; meets its self criteria.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="userId">The learner.</param>
    /// <param name="at">When.</param>
    public void SelfComplete(int courseId, int userId, DateTimeOffset at) => MeetAll<MoodleCriterion.Self>(courseId, userId, at);

    /// <summary>A teacher marks a learner complete; meets the course's role criteria.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="userId">The learner.</param>
    /// <param name="at">When.</param>
    public void Approve(int courseId, int userId, DateTimeOffset at) => MeetAll<MoodleCriterion.Role>(courseId, userId, at);

    /// <summary>A learner views or ticks off an activity.</summary>
    /// <param name="activityId">The activity (<c>cmid</c>).</param>
    /// <param name="userId">The learner.</param>
    /// <param name="at">When.</param>
    public void CompleteActivity(int activityId, int userId, DateTimeOffset at)
    {
        lock (Gate)
        {
            SetState(_activities[activityId], userId, MoodleActivityState.Complete, at, at);
        }
    }

    /// <summary>A teacher grades an activity; the course total follows.</summary>
    /// <param name="activityId">The activity (<c>cmid</c>); it must be graded.</param>
    /// <param name="userId">The learner.</param>
    /// <param name="value">The grade, from 0 to the activity's highest; five decimals are kept, as in Moodle's database.</param>
    /// <param name="gradedAt">The date of the grade, which may lie in the past.</param>
    /// <param name="noticedAt">When Moodle worked it in: the date of the course total and of the activity's state; null for <paramref name="gradedAt"/>.</param>
    /// <param name="feedback">What the teacher wrote; null keeps what was written before.</param>
    public void Grade(int activityId, int userId, double value, DateTimeOffset gradedAt, DateTimeOffset? noticedAt = null, string? feedback = null)
    {
        lock (Gate)
        {
            ActivityState activity = _activities[activityId];
            if (activity.Activity.GradeMax is not { } max || value < 0 || value > max)
            {
                throw new ArgumentOutOfRangeException(nameof(value), "The activity is not graded, or the grade is not between 0 and its highest grade.");
            }

            DateTimeOffset now = noticedAt ?? gradedAt;
            feedback ??= activity.Grades.GetValueOrDefault(userId)?.Feedback ?? "";
            activity.Grades[userId] = new GradeState(Math.Round(value, 5), gradedAt, feedback);
            CourseState course = activity.Course;
            course.Totals[userId] = new GradeState(Math.Round(course.Activities.Sum(x => x.Grades.GetValueOrDefault(userId)?.Value ?? 0), 5), now, "");
            if (activity.Activity.Tracking == MoodleTracking.Automatic && (activity.Activity.RequiresGrade || activity.Activity.RequiresPassGrade))
            {
                SetState(activity, userId, StateOfGrade(activity.Activity, value), now, now);
            }
            else
            {
                _engine.AfterAct(course, userId, now, aggregatesAtOnce: false);
            }
        }
    }

    /// <summary>Marks a course complete directly, whatever its criteria say: no date appears in the status call.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="userId">The learner.</param>
    /// <param name="at">The date given to it.</param>
    public void MarkComplete(int courseId, int userId, DateTimeOffset at)
    {
        lock (Gate)
        {
            CourseState course = _courseById[courseId];
            CompletionState completion = course.CompletionOf(userId);
            if (completion.CompletedAt is null)
            {
                completion.CompletedAt = at;
                _engine.AfterCompletion(course, userId, at);
            }
        }
    }

    /// <summary>A teacher unlocks the completion settings: every completion of the course is gone, silently.</summary>
    /// <param name="courseId">The course.</param>
    public void ResetCompletions(int courseId)
    {
        lock (Gate)
        {
            CourseState course = _courseById[courseId];
            course.Completions.Clear();
            foreach (ActivityState activity in course.Activities)
            {
                activity.States.Clear();
            }
        }
    }

    /// <summary>One learner's completion of one course is gone, silently.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="userId">The learner.</param>
    public void ResetCompletion(int courseId, int userId)
    {
        lock (Gate)
        {
            _courseById[courseId].Completions.Remove(userId);
        }
    }

    /// <summary>Runs cron once; only needed with <see cref="MoodleCron.ByHand"/>.</summary>
    /// <param name="now">The time of the run; becomes the date of grade criteria that it meets.</param>
    public void RunCron(DateTimeOffset now)
    {
        lock (Gate)
        {
            _engine.RunCron(_courses, now);
        }
    }

    /// <summary>Awards a badge by hand.</summary>
    /// <param name="award">The award; badge and account must exist.</param>
    public void Award(MoodleBadgeAward award)
    {
        ArgumentNullException.ThrowIfNull(award);
        lock (Gate)
        {
            _users[award.UserId].Awards.Add(award);
        }
    }

    /// <summary>Does whatever completes a course for a learner; both are named by the organisation's own numbers.</summary>
    /// <returns>False when there is no such course or learner.</returns>
    internal bool TryComplete(string learner, string course, DateTimeOffset at)
    {
        lock (Gate)
        {
            UserState? user = FindUsersByIdNumber(learner).FirstOrDefault(x => x.User.IdNumber.Length > 0);
            CourseState? target = _courses.Find(x => x.Course.IdNumber == course);
            if (user is null || target is null)
            {
                return false;
            }

            Complete(target, user.User.Id, at);
            return true;
        }
    }

    internal void AwardBadges(int userId, DateTimeOffset now)
    {
        UserState user = _users[userId];
        foreach (MoodleBadge badge in _badges.Values.Where(badge => badge.AwardedFor.Count > 0))
        {
            bool earned = badge.AwardedFor.All(id => _courseById[id].Completions.GetValueOrDefault(userId)?.CompletedAt is not null);
            if (earned && !user.Awards.Exists(award => award.BadgeId == badge.Id))
            {
                user.Awards.Add(new MoodleBadgeAward
                {
                    BadgeId = badge.Id,
                    UserId = userId,
                    UniqueHash = Hash(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"badge:{badge.Id}:{userId}"))[..40],
                    IssuedAt = now,
                    ExpiresAt = now + badge.ValidFor,
                });
            }
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static MoodleActivityState StateOfGrade(MoodleActivity activity, double value) =>
        activity.GradePass is not { } pass ? MoodleActivityState.Complete
        : value >= pass ? MoodleActivityState.Passed
        : activity.RequiresPassGrade ? MoodleActivityState.Failed
        : MoodleActivityState.Complete;

    private void Complete(CourseState course, int userId, DateTimeOffset at)
    {
        if (!course.Enrolments.ContainsKey(userId))
        {
            Enrol(new MoodleEnrolment { CourseId = course.Course.Id, UserId = userId });
        }

        foreach (MoodleCriterion.Prerequisite prerequisite in course.Course.Criteria.OfType<MoodleCriterion.Prerequisite>())
        {
            Complete(_courseById[prerequisite.CourseId], userId, at);
        }

        foreach (ActivityState activity in course.Activities.Where(x => x.Activity.Tracking != MoodleTracking.None || x.Activity.GradeMax is not null))
        {
            if (activity.Activity.GradeMax is { } max)
            {
                Grade(activity.Activity.Id, userId, max, at);
            }
            else if (!activity.StateOf(userId).IsComplete)
            {
                CompleteActivity(activity.Activity.Id, userId, at);
            }
        }

        SelfComplete(course.Course.Id, userId, at);
        Approve(course.Course.Id, userId, at);
        MarkComplete(course.Course.Id, userId, at);
    }

    private void MeetAll<TCriterion>(int courseId, int userId, DateTimeOffset at)
        where TCriterion : MoodleCriterion
    {
        lock (Gate)
        {
            CourseState course = _courseById[courseId];
            for (int i = 0; i < course.Course.Criteria.Count; i++)
            {
                if (course.Course.Criteria[i] is TCriterion)
                {
                    CompletionEngine.Meet(course, userId, i, at);
                }
            }

            _engine.AfterAct(course, userId, at, aggregatesAtOnce: false);
        }
    }

    private void SetState(ActivityState activity, int userId, MoodleActivityState state, DateTimeOffset at, DateTimeOffset now)
    {
        ActivityCompletion completion = new(state, at);
        activity.States[userId] = completion;
        CourseState course = activity.Course;
        if (completion.IsComplete)
        {
            for (int i = 0; i < course.Course.Criteria.Count; i++)
            {
                if (course.Course.Criteria[i] is MoodleCriterion.Activity criterion && criterion.ActivityId == activity.Activity.Id)
                {
                    CompletionEngine.Meet(course, userId, i, at);
                }
            }
        }

        _engine.AfterAct(course, userId, now, aggregatesAtOnce: true);
    }
}
