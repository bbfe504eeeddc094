using System.Globalization;

namespace CredSync.Sandbox.Moodle;

/// <summary>What happens in a step of <see cref="NorthwindScript"/>.</summary>
public enum NorthwindAct
{
    /// <summary>A learner joins a course.</summary>
    Enrol,

    /// <summary>A learner marks a course complete.</summary>
    SelfComplete,

    /// <summary>A learner completes an activity.</summary>
    CompleteActivity,

    /// <summary>A teacher grades an activity.</summary>
    Grade,

    /// <summary>A teacher approves a learner.</summary>
    Approve,
}

/// <summary>A step of <see cref="NorthwindScript"/>.</summary>
public sealed record NorthwindEvent
{
    /// <summary>Its place in the timeline, from 1 on.</summary>
    public required int Number { get; init; }

    /// <summary>When it happens.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happens.</summary>
    public required NorthwindAct Act { get; init; }

    /// <summary>The learner's number, for example <c>NW-1004</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>The course's number, for example <c>DATA-110</c>.</summary>
    public required string Course { get; init; }

    /// <summary>The activity (<c>cmid</c>) that it is about; null for none.</summary>
    public int? ActivityId { get; init; }

    /// <summary>The grade from 0 to 100; null for none.</summary>
    public double? Grade { get; init; }

    /// <summary>The step in one line, without names.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At:yyyy-MM-dd} {Learner} {Act} {Course}") +
        (Grade is { } grade ? string.Create(CultureInfo.InvariantCulture, $" {grade:0.0}") : "");
}

/// <summary>A completion that a reader of the play Moodle must find, known from the script alone.</summary>
/// <param name="Learner">The learner's number.</param>
/// <param name="Course">The course's number.</param>
/// <param name="CompletedAt">When the course was completed: the time of the newest criterion that completed it.</param>
/// <param name="Grade">The course total as it stands, from 0 to 100; null for a course that is not graded, or not yet.</param>
public sealed record ExpectedCompletion(string Learner, string Course, DateTimeOffset CompletedAt, double? Grade);
