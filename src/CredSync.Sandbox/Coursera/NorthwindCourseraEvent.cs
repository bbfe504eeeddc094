using System.Globalization;

namespace CredSync.Sandbox.Coursera;

/// <summary>What happens in a step of <see cref="NorthwindCourseraScript"/>.</summary>
public enum NorthwindCourseraAct
{
    /// <summary>A learner takes up a course.</summary>
    Enrol,

    /// <summary>A learner gets on.</summary>
    Progress,

    /// <summary>A learner passes everything that is graded.</summary>
    Complete,

    /// <summary>A grade changes after completion.</summary>
    Regrade,

    /// <summary>A learner leaves the organisation; what was completed stays true.</summary>
    Leave,
}

/// <summary>A step of <see cref="NorthwindCourseraScript"/>.</summary>
public sealed record NorthwindCourseraEvent
{
    /// <summary>Its place in the timeline, from 1 on.</summary>
    public required int Number { get; init; }

    /// <summary>When it happens.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happens.</summary>
    public required NorthwindCourseraAct Act { get; init; }

    /// <summary>The learner's number, for example <c>NW-1004</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>The course's content id; empty for <see cref="NorthwindCourseraAct.Leave"/>.</summary>
    public string ContentId { get; init; } = "";

    /// <summary>The grade from 0 to 1; null for none.</summary>
    public double? Grade { get; init; }

    /// <summary>The step in one line, without names.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At:yyyy-MM-dd} {Learner} {Act} {ContentId}").TrimEnd();
}

/// <summary>A completion that a reader of the play Coursera must find, known from the script alone.</summary>
/// <param name="Learner">The learner's number.</param>
/// <param name="ContentId">The content's id; a course or a specialization.</param>
/// <param name="CompletedAt">When it was completed.</param>
/// <param name="Grade">The grade as it stands, from 0 to 1; null for a specialization.</param>
public sealed record ExpectedCourseraCompletion(string Learner, string ContentId, DateTimeOffset CompletedAt, double? Grade);
