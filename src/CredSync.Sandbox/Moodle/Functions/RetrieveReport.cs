using System.Globalization;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>
/// core_reportbuilder_retrieve_report: a page of a "Course participants" report, with the total of rows. It shows what the status call hides, as
/// display text: completions of suspended and ended enrolments, of courses without criteria, and the date of those marked directly.
/// </summary>
internal sealed class RetrieveReport : IMoodleFunction
{
    /// <summary>Every course has two ways in that nobody uses (guests and self enrolment); the report shows each as an empty row.</summary>
    private const int EmptyRows = 2;

    public string Name => "core_reportbuilder_retrieve_report";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int reportId = call.Parameters.Integer("reportid");
        int page = call.Parameters.Integer("page", 0);
        int perPage = call.Parameters.Integer("perpage", 10);
        call.Parameters.Close();
        MoodleReport report = call.World.Reports.Find(x => x.Id == reportId) ?? throw MoodleError.NoRecord("reportbuilder_report");
        ReportDetails.Require(call);
        answer.BeginObject();
        answer.BeginObject("details");
        ReportDetails.Write(call, answer, report);
        answer.EndObject();
        answer.BeginObject("data");
        answer.BeginList("headers");
        foreach (MoodleReportColumn column in report.Columns)
        {
            answer.Text(Header(column));
        }

        answer.EndList();
        Rows(call, answer, report, page * perPage, perPage);
        answer.EndObject();
        answer.EmptyList("warnings");
        answer.EndObject();
    }

    private static void Rows(MoodleCall call, AnswerWriter answer, MoodleReport report, int skip, int take)
    {
        int total = 0;
        answer.BeginList("rows");
        foreach (CourseState course in call.World.CourseStates)
        {
            int count = course.Enrolments.Count + EmptyRows;
            int first = Math.Max(skip - total, 0);
            int last = Math.Min(skip + take - total, count);
            for (int i = first; i < last; i++)
            {
                Row(call, answer, report, course, i < course.Enrolments.Count ? course.ByUserId()[i] : null);
            }

            total += count;
        }

        answer.EndList();
        answer.Member("totalrowcount", total);
    }

    private static void Row(MoodleCall call, AnswerWriter answer, MoodleReport report, CourseState course, MoodleEnrolment? enrolment)
    {
        answer.BeginObject();
        answer.BeginList("columns");
        foreach (MoodleReportColumn column in report.Columns)
        {
            answer.Text(Cell(call, course, enrolment, column));
        }

        answer.EndList();
        answer.EndObject();
    }

    private static string? Cell(MoodleCall call, CourseState course, MoodleEnrolment? enrolment, MoodleReportColumn column)
    {
        if (column == MoodleReportColumn.CourseIdNumber)
        {
            return course.Course.IdNumber;
        }

        if (enrolment is null)
        {
            return column == MoodleReportColumn.Status ? null : "";
        }

        MoodleUser user = call.World.FindUser(enrolment.UserId)!.User;
        CompletionState? completion = course.Completions.GetValueOrDefault(user.Id);
        return column switch
        {
            MoodleReportColumn.UserIdNumber => user.IdNumber,
            MoodleReportColumn.UserEmail => user.Email,
            MoodleReportColumn.Completed => completion is null ? "" : completion.CompletedAt is null ? "No" : "Yes",
            MoodleReportColumn.TimeCompleted => completion?.CompletedAt is { } at ? Time(call, at) : "",
            MoodleReportColumn.Grade => course.Totals.GetValueOrDefault(user.Id)?.Value.ToString("F2", CultureInfo.InvariantCulture) ?? "",
            _ => enrolment.Suspended ? "Suspended" : enrolment.IsActive(call.Now) ? "Active" : "Not current",
        };
    }

    private static string Time(MoodleCall call, DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, call.World.Site.TimeZone).ToString("dddd, d MMMM yyyy, h:mm tt", CultureInfo.InvariantCulture);

    private static string Header(MoodleReportColumn column) => column switch
    {
        MoodleReportColumn.CourseIdNumber => "Course ID number",
        MoodleReportColumn.UserIdNumber => "ID number",
        MoodleReportColumn.UserEmail => "Email address",
        MoodleReportColumn.Completed => "Completed",
        MoodleReportColumn.TimeCompleted => "Time completed",
        MoodleReportColumn.Grade => "Grade",
        _ => "Status",
    };
}
