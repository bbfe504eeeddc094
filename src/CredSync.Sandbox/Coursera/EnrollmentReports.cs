using System.Globalization;
using System.Text.Json;

namespace CredSync.Sandbox.Coursera;

/// <summary>
/// enrollmentReports: a row for each member, content and program, from a table that a batch refreshes. Specializations, deleted members and ended
/// contracts only come when they are asked for.
/// </summary>
internal static class EnrollmentReports
{
    public static PlayAnswer Answer(CourseraWorld world, PlayRequest request, bool hideCompletions)
    {
        if (CourseraPage.Read(request, int.MaxValue) is not { } page || Filter.Read(request) is not { } filter)
        {
            return CourseraErrors.BadRequest("A parameter is not of its type.");
        }

        if (filter.Problem is { } problem)
        {
            return CourseraErrors.BadRequest(problem);
        }

        List<CourseraEnrolment> rows = [.. world.Report().Where(row => filter.Matches(world, row))];
        return page.Answer(rows, world.PagingOnWire, (json, row) => Write(json, world, row, hideCompletions));
    }

    private static void Write(Utf8JsonWriter json, CourseraWorld world, CourseraEnrolment row, bool hideCompletions)
    {
        bool complete = row.CompletedAt is not null && !hideCompletions;
        json.WriteStartObject();
        json.WriteString("id", row.Id);
        json.WriteString("externalId", row.Member.ExternalId);
        json.WriteString("fullName", row.Member.FullName);
        json.WriteString("email", row.Member.Email);
        json.WriteString("contentId", row.Content.Id);
        json.WriteString("contentType", row.Content.ContentType);
        if (row.Content.CourseIds.Count > 0)
        {
            json.WriteNumber("numCoursesInSpecialization", row.Content.CourseIds.Count);
        }
        else
        {
            json.WriteString("courseType", row.Content.CourseType);
        }

        json.WriteString("contentName", row.Content.Name);
        json.WriteString("contentSlug", row.Content.Slug);
        json.WriteStartArray("partnerNames");
        foreach (string partner in row.Content.Partners)
        {
            json.WriteStringValue(partner);
        }

        json.WriteEndArray();
        json.WriteBoolean("isCompleted", complete);
        json.Milliseconds("completedAt", complete ? row.CompletedAt : null);
        Grade(json, world, complete ? row.Grade : null);
        json.Number("overallProgress", row.Progress);
        json.WriteNumber("approxTotalCourseHrs", (row.Progress ?? 0) / 10.0);
        json.Milliseconds("enrolledAt", row.EnrolledAt);
        json.WriteNumber("lastActivityAt", row.LastActivityAt?.ToUnixTimeMilliseconds() ?? 0);
        json.Milliseconds("updatedAt", world.RefreshedAt);
        json.Milliseconds("deletedAt", row.Member.DeletedAt);
        json.WriteString("membershipState", row.Member.DeletedAt is null ? "MEMBER" : "DELETED_MEMBER");
        json.WriteString("programId", row.Program.Id);
        json.WriteString("programName", row.Program.Name);
        json.WriteString("programSlug", row.Program.Slug);
        json.WriteString("contractId", row.Program.ContractId);
        json.WriteString("contractName", row.Program.ContractName);
        json.WriteString("contentCertificateUrl", complete ? Certificate(row) : null);
        json.WriteStartObject("learnerProfileStandardFields");
        json.WriteString("businessUnit", row.Member.BusinessUnit);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Grade(Utf8JsonWriter json, CourseraWorld world, double? grade)
    {
        if (grade is not { } value)
        {
            json.WriteNull("grade");
        }
        else if (world.GradeOnWire == CourseraWireType.Text)
        {
            json.WriteString("grade", value.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNumber("grade", value);
        }
    }

    private static string Certificate(CourseraEnrolment row) =>
        "https://www.coursera.org/account/accomplishments/verify/PLAY" + string.Concat((row.Member.ExternalId + row.Content.Id).Where(char.IsAsciiLetterOrDigit));

    /// <summary>Which rows are asked for. Dates of completion and enrolment are inclusive, of the last activity exclusive.</summary>
    private sealed class Filter
    {
        private long? _enrolledAfter;
        private long? _enrolledBefore;
        private long? _activeAfter;
        private long? _activeBefore;
        private long? _completedAfter;
        private long? _completedBefore;
        private bool _specializations;
        private bool _deletedMembers;
        private bool _endedContracts;
        private string? _programId;
        private string? _externalId;

        public string? Problem { get; private set; }

        public static Filter? Read(PlayRequest request)
        {
            Filter filter = new() { _programId = request["programId"], _externalId = request["externalId"] };
            bool good = Time("enrollAtAfter", out filter._enrolledAfter) & Time("enrollAtBefore", out filter._enrolledBefore)
                & Time("lastActivityAfter", out filter._activeAfter) & Time("lastActivityBefore", out filter._activeBefore)
                & Time("completedAtAfter", out filter._completedAfter) & Time("completedAtBefore", out filter._completedBefore)
                & Flag("includeS12n", out filter._specializations) & Flag("includeDeletedMembers", out filter._deletedMembers)
                & Flag("includeExpiredContracts", out filter._endedContracts) & Flag("useCursorPagination", out bool cursor);
            filter.Problem = (request["q"], filter._programId, filter._externalId) switch
            {
                _ when cursor => "Cursor pagination is not played.",
                (null, null, null) => null,
                ("byProgramId", not null, null) => null,
                ("byUserProgramId", not null, not null) => null,
                _ => "The parameters do not fit the finder.",
            };
            return good ? filter : null;

            bool Time(string name, out long? value)
            {
                value = null;
                if (request[name] is not { } text)
                {
                    return true;
                }

                bool parsed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
                value = number;
                return parsed;
            }

            bool Flag(string name, out bool value)
            {
                value = request[name] == "true";
                return request[name] is null or "true" or "false";
            }
        }

        public bool Matches(CourseraWorld world, CourseraEnrolment row) =>
            (_specializations || row.Content.CourseIds.Count == 0)
            && (_deletedMembers || row.Member.DeletedAt is null)
            && (_endedContracts || !world.HasEnded(row.Program))
            && (_programId is null || row.Program.Id == _programId)
            && (_externalId is null || row.Member.ExternalId.Equals(_externalId, StringComparison.OrdinalIgnoreCase))
            && Within(row.EnrolledAt, _enrolledAfter, _enrolledBefore)
            && Within(row.LastActivityAt, _activeAfter + 1, _activeBefore - 1)
            && Within(row.CompletedAt, _completedAfter, _completedBefore);

        private static bool Within(DateTimeOffset? at, long? first, long? last) =>
            (first is null && last is null) || (at is { } time && (first is null || time.ToUnixTimeMilliseconds() >= first) && (last is null || time.ToUnixTimeMilliseconds() <= last));
    }
}
