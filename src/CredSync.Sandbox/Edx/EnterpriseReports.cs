using System.Globalization;
using System.Text.Json;

namespace CredSync.Sandbox.Edx;

/// <summary>
/// What an enterprise is told, once a night: <c>learner-summary</c> of edX for Business and <c>enrollments</c> of the analytics data API.
/// Completion is a date without a time; who is unlinked vanishes; without consent there is no e-mail address.
/// </summary>
internal static class EnterpriseReports
{
    public static PlayAnswer Answer(EdxWorld world, PlayRequest request, Uri address, bool isDataApi, DateTimeOffset now, bool hidden)
    {
        // edX for Business answers in XML unless it is asked for JSON.
        if (!isDataApi && !request.Headers.Accept.ToString().Contains("json", StringComparison.Ordinal))
        {
            return new PlayAnswer { Status = 200, ContentType = "application/xml; charset=utf-8", Body = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root></root>"u8.ToArray() };
        }

        if (Number(request["page"], 1) is not { } page || Number(request["page_size"], 100) is not (>= 1 and <= 1000 and var size))
        {
            return EdxErrors.Detail(404, "Invalid page.");
        }

        List<EdxEnrolment> rows = [.. world.Report()];
        if (request["passed_date"] == "last_week")
        {
            rows.RemoveAll(row => !row.Passed || row.PassedAt < now.AddDays(-7));
        }

        int pages = Math.Max(1, (rows.Count + size - 1) / size);
        return page > pages ? EdxErrors.Detail(404, "Invalid page.") : JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("count", rows.Count);
            json.WriteNumber("num_pages", pages);
            json.WriteNumber("current_page", page);
            json.WriteNumber("start", (page - 1) * size);
            json.WriteString("next", page < pages ? Link(page + 1) : null);
            json.WriteString("previous", page > 1 ? Link(page - 1) : null);
            json.WriteStartArray("results");
            foreach (EdxEnrolment row in rows.Skip((page - 1) * size).Take(size))
            {
                Write(json, world, row, isDataApi, hidden);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

        string Link(int number) => string.Create(CultureInfo.InvariantCulture, $"{new Uri(address, request.Path.TrimStart('/')).AbsoluteUri}?page={number}&page_size={size}");
    }

    private static void Write(Utf8JsonWriter json, EdxWorld world, EdxEnrolment row, bool isDataApi, bool hidden)
    {
        bool passed = row.Passed && !hidden;
        EdxUser user = row.User;
        json.WriteStartObject();
        json.WriteNumber("enrollment_id", row.Id);
        json.WriteNumber("enterprise_enrollment_id", row.Id - 80_000_000);
        json.WriteBoolean("is_consent_granted", user.Consents);
        json.WriteString("course_key", row.Course.Key);
        json.WriteString("courserun_key", row.Course.Run);
        json.WriteString("course_title", row.Course.Title);
        json.WriteNull(isDataApi ? "course_start_date" : "course_start");
        json.WriteNull(isDataApi ? "course_end_date" : "course_end");
        json.WriteBoolean("has_passed", passed);
        json.WriteString("passed_date", passed ? Date(row.PassedAt) : null);
        json.WriteString("progress_status", passed ? "Passed" : "In Progress");
        if (row.Percent is { } percent && !hidden)
        {
            json.WriteNumber("current_grade", percent);
        }
        else
        {
            json.WriteNull("current_grade");
        }

        json.WriteString("letter_grade", passed ? "Pass" : null);
        json.WriteString("user_email", user.Consents && !user.Retired ? user.Email : null);
        json.WriteString("user_username", user.Retired ? null : user.UserName);
        json.WriteString("enterprise_sso_uid", user.SsoUid.Length > 0 ? user.SsoUid : null);
        json.WriteNumber("enterprise_user_id", user.Id + 500_000);
        json.WriteNull("user_first_name");
        json.WriteNull("user_last_name");
        json.WriteString("user_current_enrollment_mode", row.Mode);
        json.WriteString("enrollment_date", Date(row.CreatedAt));
        json.WriteString("unenrollment_date", Date(row.UnenrolledAt));
        json.WriteBoolean("is_refunded", false);
        json.WriteString("last_activity_date", Date(row.LastActivityAt));
        json.WriteString("created", world.RefreshedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (isDataApi)
        {
            json.WriteNull("total_learning_time_hours");
            json.WriteNull("course_progress");
            json.WriteNull("course_passing_grade");
        }

        json.WriteEndObject();
    }

    private static string? Date(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int? Number(string? text, int absent) =>
        text is null ? absent : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
