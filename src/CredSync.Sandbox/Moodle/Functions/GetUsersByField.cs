using System.Globalization;
using CredSync.Sandbox.Moodle.Dialect;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Functions;

/// <summary>core_user_get_users_by_field: accounts by id, number, user name or e-mail. Who is not found, or may not be seen, is just missing.</summary>
internal sealed class GetUsersByField : IMoodleFunction
{
    public string Name => "core_user_get_users_by_field";

    public void Answer(MoodleCall call, AnswerWriter answer)
    {
        string field = call.Parameters.Text("field");
        IReadOnlyList<string> values = call.Parameters.RequiredTexts("values");
        call.Parameters.Close();
        IEnumerable<UserState> found = field switch
        {
            "id" => [.. values.Select(Id).Select(id => call.World.FindUser(id)).OfType<UserState>()],
            "idnumber" => values.SelectMany(call.World.FindUsersByIdNumber),
            "username" => [.. values.Select(UserName).Select(call.World.FindUserByName).OfType<UserState>()],
            "email" => values.SelectMany(call.World.FindUsersByEmail),
            _ => throw MoodleError.Coding("invalid field parameter"),
        };
        answer.BeginList();
        foreach (UserState user in found.DistinctBy(user => user.User.Id).OrderBy(user => user.User.Id))
        {
            if (UserDetails.CanSee(call, user, null) && ShowsWhatWasSearched(call, user, field))
            {
                Write(call, answer, user);
            }
        }

        answer.EndList();
    }

    /// <summary>An account is only returned when the field by which it was found is in the answer, and not empty.</summary>
    private static bool ShowsWhatWasSearched(MoodleCall call, UserState user, string field) => field switch
    {
        "idnumber" => user.User.IdNumber.Length > 0 && UserDetails.ShowsAll(call, user),
        "username" => UserDetails.ShowsAll(call, user),
        "email" => UserDetails.ShowsEmail(call, user, null),
        _ => true,
    };

    private static void Write(MoodleCall call, AnswerWriter answer, UserState state)
    {
        answer.BeginObject();
        UserDetails.Head(call, answer, state, null, static _ => true);
        if (UserDetails.ShowsAll(call, state))
        {
            answer.Member("auth", "manual");
            answer.Member("suspended", state.User.Suspended);
            answer.Member("confirmed", true);
            answer.Member("lang", "en");
            answer.Member("theme", "");
            answer.Member("timezone", "99");
            answer.Member("mailformat", 1);
            answer.Member("trackforums", 0);
        }

        UserDetails.Tail(call, answer, state, static _ => true);
        answer.EndObject();
    }

    private static int Id(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id) ? id : throw MoodleError.InvalidParameter("Invalid parameter value detected");

    private static string UserName(string text) =>
        text.Any(char.IsAsciiLetterUpper) ? throw MoodleError.InvalidParameter("Invalid parameter value detected") : text;
}
