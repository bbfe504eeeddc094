using System.Text.Json;

namespace CredSync.Sandbox.Coursera;

/// <summary>courseGradebookReports: fresher than the enrolment reports, without any filter by time, and with grades from 0 to 100.</summary>
internal static class GradebookReports
{
    public static PlayAnswer Answer(CourseraWorld world, PlayRequest request)
    {
        string? program = request["programId"];
        string? course = request["courseId"];
        string? person = request["emailOrExternalId"];
        if (request["q"] != "search" || (program ?? course ?? person) is null || CourseraPage.Read(request, 1000) is not { } page)
        {
            return CourseraErrors.BadRequest("q=search and at least one of programId, courseId and emailOrExternalId are needed.");
        }

        bool deleted = request["includeDeletedMembers"] == "true";
        List<CourseraEnrolment> rows =
        [
            .. world.Enrolments.Where(row =>
                row.Content.CourseIds.Count == 0
                && (deleted || row.Member.DeletedAt is null)
                && (program is null || row.Program.Id == program)
                && (course is null || row.Content.Id == course)
                && (person is null || row.Member.ExternalId.Equals(person, StringComparison.OrdinalIgnoreCase) || row.Member.Email.Equals(person, StringComparison.OrdinalIgnoreCase))),
        ];
        return page.Answer(rows, CourseraWireType.Number, Write);
    }

    private static void Write(Utf8JsonWriter json, CourseraEnrolment row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Member.ExternalId + "~" + row.Content.Id);
        json.WriteString("externalId", row.Member.ExternalId);
        json.WriteString("fullName", row.Member.FullName);
        json.WriteString("courseId", row.Content.Id);
        json.WriteString("courseName", row.Content.Name);
        json.WriteString("programId", row.Program.Id);
        json.Milliseconds("enrolledAt", row.EnrolledAt);
        json.WriteNumber("lastActivityAt", row.LastActivityAt?.ToUnixTimeMilliseconds() ?? 0);
        json.Milliseconds("completedAt", row.CompletedAt);
        json.WriteBoolean("isCompleted", row.CompletedAt is not null);
        json.Number("overallProgress", row.Progress);
        if (row.Grade is { } grade)
        {
            json.WriteNumber("overallCourseGrade", Math.Round(grade * 100, 4));
        }
        else
        {
            json.WriteNull("overallCourseGrade");
        }

        json.WriteStartArray("riskFlags");
        json.WriteEndArray();
        json.WriteStartArray("itemGradebooks");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
