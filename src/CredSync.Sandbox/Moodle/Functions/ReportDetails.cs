using CredSync.Sandbox.Moodle.Dialect;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>What both report functions say of a custom report itself.</summary>
internal static class ReportDetails
{
    public static void Write(MoodleCall call, AnswerWriter answer, MoodleReport report)
    {
        MoodleUser admin = call.World.FindUser(2)!.User;
        long created = report.CreatedAt.ToUnixTimeSeconds();
        answer.Member("name", report.Name);
        answer.Member("source", @"core_course\reportbuilder\datasource\participants");
        answer.Member("type", 0);
        answer.Member("uniquerows", false);
        answer.Member("conditiondata", (string?)null);
        answer.Member("settingsdata", (string?)null);
        answer.Member("contextid", 1);
        answer.Member("component", "");
        answer.Member("area", "");
        answer.Member("itemid", 0);
        answer.Member("usercreated", admin.Id);
        answer.Member("id", report.Id);
        answer.Member("timecreated", created);
        answer.Member("timemodified", created);
        answer.Member("usermodified", admin.Id);
        answer.Member("sourcename", "Course participants");
        answer.EmptyList("tags");
        answer.BeginObject("modifiedby");
        answer.Member("id", admin.Id);
        answer.Member("email", admin.Email);
        answer.Member("idnumber", admin.IdNumber);
        answer.Member("phone1", "");
        answer.Member("phone2", "");
        answer.Member("department", admin.Department);
        answer.Member("institution", admin.Institution);
        answer.Member("fullname", admin.FullName);
        answer.Member("identity", admin.Email);
        answer.Member("profileurl", call.Site + "/user/profile.php?id=2");
        answer.Member("profileimageurl", call.Picture(1));
        answer.Member("profileimageurlsmall", call.Picture(2));
        answer.EndObject();
    }

    public static void Require(MoodleCall call)
    {
        if (!call.Has(MoodleCapabilities.ReportView) || !call.Has(MoodleCapabilities.ReportViewAll))
        {
            throw MoodleError.NoPermission(MoodleCapabilities.ReportView);
        }
    }
}
