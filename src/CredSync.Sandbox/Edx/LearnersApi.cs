using System.Globalization;
using System.Text.Json;

namespace CredSync.Sandbox.Edx;

/// <summary>Who is enrolled, and who is behind a user name.</summary>
internal static class LearnersApi
{
    public static PlayAnswer Enrolments(EdxWorld world, PlayRequest request, Uri address)
    {
        string? run = request["course_id"];
        if (run is not null && !EdxCourse.IsRun(run))
        {
            return EdxErrors.Developer(400, "invalid_course_key", "The provided course key cannot be parsed.");
        }

        int size = int.TryParse(request["page_size"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked > 0 ? asked : 100;
        List<EdxEnrolment> rows = [.. world.Enrolments.Where(x => (run is null || x.Course.Run == run) && (request["username"] is not { } user || x.User.UserName == user))];
        string query = run is null ? "" : "&course_id=" + Uri.EscapeDataString(run);
        return CursorPage.Answer(rows, request["cursor"], size, new Uri(address, "api/enrollment/v1/enrollments"), query, (json, row) =>
        {
            json.WriteStartObject();
            json.WriteString("created", row.CreatedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("mode", row.Mode);
            json.WriteBoolean("is_active", row.IsActive);
            json.WriteString("user", row.User.UserName);
            json.WriteString("course_id", row.Course.Run);
            json.WriteEndObject();
        });
    }

    public static PlayAnswer Accounts(EdxWorld world, PlayRequest request)
    {
        List<EdxUser> found = [.. world.Users.Where(user => !user.Retired && (
            request["username"]?.Split(',').Contains(user.UserName, StringComparer.Ordinal) == true
            || string.Equals(request["email"], user.Email, StringComparison.OrdinalIgnoreCase)
            || request["lms_user_id"] == user.Id.ToString(CultureInfo.InvariantCulture)))];
        return found.Count == 0
            ? EdxErrors.Detail(404, "Not found.")
            : JsonBody.Answer(200, json =>
            {
                json.WriteStartArray();
                found.ForEach(user => Account(json, user));
                json.WriteEndArray();
            });
    }

    public static PlayAnswer SearchEmails(EdxWorld world, PlayRequest request)
    {
        HashSet<string> emails;
        try
        {
            using JsonDocument body = JsonDocument.Parse(request.Body);
            emails = body.RootElement.GetProperty("emails").EnumerateArray().Select(x => x.GetString() ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return EdxErrors.Detail(400, "JSON parse error");
        }

        return JsonBody.Answer(200, json =>
        {
            json.WriteStartArray();
            foreach (EdxUser user in world.Users.Where(user => !user.Retired && emails.Contains(user.Email)))
            {
                json.WriteStartObject();
                json.WriteString("username", user.UserName);
                json.WriteString("email", user.Email);
                json.WriteNumber("id", user.Id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static void Account(Utf8JsonWriter json, EdxUser user)
    {
        json.WriteStartObject();
        json.WriteString("username", user.UserName);
        json.WriteString("name", user.Name);
        json.WriteString("email", user.Email);
        json.WriteNumber("id", user.Id);
        json.WriteBoolean("is_active", true);
        json.WriteEndObject();
    }
}
