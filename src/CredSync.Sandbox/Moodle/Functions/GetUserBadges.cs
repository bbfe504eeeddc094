using System.Globalization;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_badges_get_user_badges: the badges that Moodle itself awarded to somebody, newest first, without a total.</summary>
internal sealed class GetUserBadges : IMoodleFunction
{
    public string Name => "core_badges_get_user_badges";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        int userId = call.Parameters.Integer("userid", 0);
        int courseId = call.Parameters.Integer("courseid", 0);
        int page = call.Parameters.Integer("page", 0);
        int perPage = call.Parameters.Integer("perpage", 0);
        string search = call.Parameters.Text("search", "");
        bool onlyPublic = call.Parameters.Flag("onlypublic", absent: false);
        call.Parameters.Close();
        if (!call.World.Site.BadgesEnabled)
        {
            throw MoodleError.BadgesDisabled();
        }

        UserState user = userId == 0 ? call.Account : call.ActiveUser(userId);
        IEnumerable<MoodleBadgeAward> awards = user.Awards
            .Where(award => (!onlyPublic || award.Visible) && Matches(call.World.Badges[award.BadgeId], courseId, search))
            .OrderByDescending(award => award.IssuedAt);
        if (perPage > 0)
        {
            awards = awards.Skip(page * perPage).Take(perPage);
        }

        answer.BeginObject();
        answer.BeginList("badges");
        foreach (MoodleBadgeAward award in awards)
        {
            Write(call, answer, award, call.World.Badges[award.BadgeId], user.User);
        }

        answer.EndList();
        answer.EmptyList("warnings");
        answer.EndObject();
    }

    private static bool Matches(MoodleBadge badge, int courseId, string search) =>
        (courseId == 0 || badge.CourseId == courseId) && badge.Name.Contains(search, StringComparison.OrdinalIgnoreCase);

    private static void Write(MoodleCall call, AnswerWriter answer, MoodleBadgeAward award, MoodleBadge badge, MoodleUser user)
    {
        int context = badge.CourseId is { } courseId ? call.World.FindCourse(courseId)!.ContextId : 1;
        answer.BeginObject();
        answer.Member("id", badge.Id);
        answer.Member("name", call.Name(badge.Name));
        answer.Member("description", badge.Description);
        answer.Member("timecreated", 0);
        answer.Member("timemodified", 0);
        answer.Member("issuername", call.World.Site.Name);
        answer.Member("issuerurl", call.Site);
        answer.Member("issuercontact", call.World.Site.BadgeContact);
        answer.Member("type", badge.CourseId is null ? 1 : 2);
        answer.Member("attachment", 1);
        answer.Member("notification", 1);
        answer.Member("status", 0);
        answer.Member("uniquehash", award.UniqueHash);
        answer.Member("dateissued", award.IssuedAt.ToUnixTimeSeconds());
        answer.Member("dateexpire", award.ExpiresAt?.ToUnixTimeSeconds());
        answer.Member("visible", 0);
        answer.Member("recipientid", user.Id);
        answer.Member("recipientfullname", user.FullName);
        answer.Member("version", badge.Version);
        answer.Member("language", "en");
        answer.Member("imageauthorname", "");
        answer.Member("imageauthoremail", "");
        answer.Member("imageauthorurl", "");
        answer.Member("imagecaption", "");
        answer.Member("badgeurl", string.Create(CultureInfo.InvariantCulture, $"{call.Site}/webservice/pluginfile.php/{context}/badges/badgeimage/{badge.Id}/f3"));
        answer.EmptyList("alignment");
        answer.EmptyList("relatedbadges");
        answer.EndObject();
    }
}
