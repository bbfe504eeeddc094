using CredSync.Sandbox.Moodle.Dialect;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_reportbuilder_list_reports: the custom reports that the caller may see, in pages.</summary>
internal sealed class ListReports : IMoodleFunction
{
    public string Name => "core_reportbuilder_list_reports";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int page = call.Parameters.Integer("page", 0);
        int perPage = call.Parameters.Integer("perpage", 10);
        call.Parameters.Close();
        ReportDetails.Require(call);
        answer.BeginObject();
        answer.BeginList("reports");
        foreach (MoodleReport report in call.World.Reports.Skip(page * perPage).Take(perPage))
        {
            answer.BeginObject();
            ReportDetails.Write(call, answer, report);
            answer.EndObject();
        }

        answer.EndList();
        answer.EmptyList("warnings");
        answer.EndObject();
    }
}
