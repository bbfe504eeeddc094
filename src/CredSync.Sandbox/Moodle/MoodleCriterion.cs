namespace CredSync.Sandbox.Moodle;

/// <summary>One condition that completes a course.</summary>
public abstract record MoodleCriterion
{
    private MoodleCriterion()
    {
    }

    /// <summary>Moodle's number of the kind of criterion.</summary>
    public abstract int Type { get; }

    /// <summary>The learner marks the course complete (type 1).</summary>
    public sealed record Self : MoodleCriterion
    {
        /// <inheritdoc/>
        public override int Type => 1;
    }

    /// <summary>An activity is complete (type 4).</summary>
    public sealed record Activity : MoodleCriterion
    {
        /// <inheritdoc/>
        public override int Type => 4;

        /// <summary>The activity's id (<c>cmid</c>), of the same course.</summary>
        public required int ActivityId { get; init; }
    }

    /// <summary>The course total reaches a grade (type 6).</summary>
    public sealed record Grade : MoodleCriterion
    {
        /// <inheritdoc/>
        public override int Type => 6;

        /// <summary>The lowest grade that is enough.</summary>
        public required double Required { get; init; }
    }

    /// <summary>Somebody with a role marks the learner complete (type 7).</summary>
    public sealed record Role : MoodleCriterion
    {
        /// <inheritdoc/>
        public override int Type => 7;

        /// <summary>The role's name as shown.</summary>
        public string Name { get; init; } = "Teacher";
    }

    /// <summary>Another course is complete (type 8).</summary>
    public sealed record Prerequisite : MoodleCriterion
    {
        /// <inheritdoc/>
        public override int Type => 8;

        /// <summary>The other course's id.</summary>
        public required int CourseId { get; init; }
    }
}
