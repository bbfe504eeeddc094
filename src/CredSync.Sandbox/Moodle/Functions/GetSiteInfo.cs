using CredSync.Sandbox.Moodle.Dialect;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_webservice_get_site_info: who calls, which site, which functions.</summary>
internal sealed class GetSiteInfo : IMoodleFunction
{
    public string Name => "core_webservice_get_site_info";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        call.Parameters.Texts("serviceshortnames");
        call.Parameters.Close();
        MoodleSite site = call.World.Site;
        MoodleUser user = call.Account.User;
        answer.BeginObject();
        answer.Member("sitename", call.Name(site.Name));
        answer.Member("username", user.UserName);
        answer.Member("firstname", user.FirstName);
        answer.Member("lastname", user.LastName);
        answer.Member("fullname", user.FullName);
        answer.Member("lang", "en");
        answer.Member("userid", user.Id);
        answer.Member("siteurl", call.Site);
        answer.Member("userpictureurl", call.Picture(1));
        answer.BeginList("functions");
        foreach (string function in call.Service.Functions)
        {
            answer.BeginObject();
            answer.Member("name", function);
            answer.Member("version", function.StartsWith("core_", StringComparison.Ordinal) ? site.Version : site.Version[..8] + "00");
            answer.EndObject();
        }

        answer.EndList();
        answer.Member("downloadfiles", 0);
        answer.Member("uploadfiles", 0);
        answer.Member("release", site.Release);
        answer.Member("version", site.Version);
        answer.Member("mobilecssurl", "");
        answer.BeginList("advancedfeatures");
        Feature("usecomments", true);
        Feature("usetags", true);
        Feature("enablenotes", true);
        Feature("messaging", true);
        Feature("enableblogs", true);
        Feature("enablecompletion", site.CompletionEnabled);
        Feature("enablebadges", site.BadgesEnabled);
        Feature("messagingallusers", false);
        Feature("enablecustomreports", true);
        Feature("enableglobalsearch", false);
        Feature("mnet_dispatcher_mode", false);
        Feature("enablecompetencies", true);
        answer.EndList();
        answer.Member("usercanmanageownfiles", true);
        answer.Member("userquota", 104_857_600);
        answer.Member("usermaxuploadfilesize", 33_554_432);
        answer.Member("userhomepage", 1);
        answer.Absent("userhomepageurl");
        answer.Member("userprivateaccesskey", PrivateAccessKey(user));
        answer.Member("siteid", 1);
        answer.Member("sitecalendartype", "gregorian");
        answer.Member("usercalendartype", "gregorian");
        answer.Member("userissiteadmin", false);
        answer.Member("theme", "boost");
        answer.Member("limitconcurrentlogins", 0);
        answer.Absent("usersessionscount");
        answer.Member("policyagreed", 0);
        answer.EndObject();

        void Feature(string name, bool on)
        {
            answer.BeginObject();
            answer.Member("name", name);
            answer.Member("value", on ? 1 : 0);
            answer.EndObject();
        }
    }

    /// <summary>A secret that a careful client never logs; the same for the same account, so that a test can look for it.</summary>
    internal static string PrivateAccessKey(MoodleUser user) => "play-private-access-key-of-" + user.UserName;
}
