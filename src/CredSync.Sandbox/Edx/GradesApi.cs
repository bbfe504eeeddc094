using System.Globalization;
using System.Text.Json;

namespace CredSync.Sandbox.Edx;

/// <summary>The grades API: a course run in pages, or one learner. It knows no times, and only active enrolments.</summary>
internal static class GradesApi
{
    private const int DefaultPageSize = 50;

    public static PlayAnswer Course(EdxWorld world, PlayRequest request, string run, Uri address, bool hidden)
    {
        if (!EdxCourse.IsRun(run))
        {
            return EdxErrors.Developer(400, "invalid_course_key", "The provided course key cannot be parsed.");
        }

        if (world.FindCourse(run) is null)
        {
            return EdxErrors.Developer(404, "course_does_not_exist", "The course does not exist.");
        }

        return request["username"] is { } userName ? One(world, userName, run, hidden) : Page(world, request, run, address, hidden);
    }

    private static PlayAnswer One(EdxWorld world, string userName, string run, bool hidden)
    {
        if (world.FindUser(userName) is null or { Retired: true })
        {
            return EdxErrors.Developer(404, "user_does_not_exist", "The user matching the requested username does not exist.");
        }

        return world.Find(userName, run) is { IsActive: true } enrolment
            ? JsonBody.Answer(200, json =>
            {
                json.WriteStartArray();
                Write(json, enrolment, hidden);
                json.WriteEndArray();
            })
            : EdxErrors.Developer(404, "user_not_enrolled", "The user is not enrolled in this course.");
    }

    private static PlayAnswer Page(EdxWorld world, PlayRequest request, string run, Uri address, bool hidden)
    {
        int size = int.TryParse(request["page_size"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked > 0 ? asked : DefaultPageSize;
        string path = $"api/grades/v1/courses/{Uri.EscapeDataString(run)}/";
        return CursorPage.Answer([.. world.Enrolments.Where(x => x.Course.Run == run && x.IsActive)], request["cursor"], size, new Uri(address, path), "", (json, row) => Write(json, row, hidden));
    }

    private static void Write(Utf8JsonWriter json, EdxEnrolment enrolment, bool hidden)
    {
        bool passed = enrolment.Passed && !hidden;
        json.WriteStartObject();
        json.WriteString("username", enrolment.User.UserName);
        json.WriteString("email", enrolment.Mode == "masters" ? enrolment.User.Email : "");
        json.WriteString("course_id", enrolment.Course.Run);
        json.WriteBoolean("passed", passed);
        json.WriteNumber("percent", hidden ? 0 : enrolment.Percent ?? 0);
        json.WriteString("letter_grade", passed ? "Pass" : null);
        json.WriteEndObject();
    }
}
