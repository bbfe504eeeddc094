using System.Collections.Frozen;
using System.Text;
using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle.Functions;
using CredSync.Sandbox.Moodle.State;

namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>The REST server of the play Moodle: lets callers in or not, finds the function, words the answer.</summary>
internal sealed class MoodleEndpoint(MoodleWorld world, PlayPlatform platform)
{
    private const string EndpointPath = "/webservice/rest/server.php";
    private const string Html = "text/html; charset=utf-8";

    private static readonly FrozenDictionary<string, IMoodleFunction> s_functions = new IMoodleFunction[]
    {
        new GetSiteInfo(),
        new GetCourses(),
        new GetCoursesByField(),
        new GetEnrolledUsers(),
        new GetCourseCompletionStatus(),
        new GetActivitiesCompletionStatus(),
        new GetGradeItems(),
        new GetUsersByField(),
        new GetUserBadges(),
        new GetUsersCourses(),
        new ListReports(),
        new RetrieveReport(),
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>Functions that a real Moodle has and no CredSync service contains: calling them is refused, not unknown.</summary>
    private static readonly FrozenSet<string> s_others =
        new[] { "core_user_get_users", "core_user_create_users", "core_course_get_contents", "core_enrol_get_course_enrolment_methods", "core_group_get_course_groups" }
            .ToFrozenSet(StringComparer.Ordinal);

    private static readonly KeyValuePair<string, string>[] s_headers =
    [
        new("Cache-Control", "private, must-revalidate, pre-check=0, post-check=0, max-age=0"),
        new("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
        new("Pragma", "no-cache"),
        new("Accept-Ranges", "none"),
    ];

    private readonly PageRepeater _pages = new();

    public PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        if (request.Path != EndpointPath)
        {
            return new PlayAnswer { Status = 404, ContentType = Html, Body = Page("Not found") };
        }

        if (world.Site.CommandLineMaintenance)
        {
            return new PlayAnswer { Status = 503, ContentType = Html, Body = Page(world.Site.Name + " under maintenance") };
        }

        if (!world.Site.WebServicesEnabled || !world.Site.RestEnabled)
        {
            return new PlayAnswer { Status = 403, ContentType = Html };
        }

        using AnswerWriter answer = request["moodlewsrestformat"] == "json" ? new JsonAnswer() : new XmlAnswer();
        try
        {
            lock (world.Gate)
            {
                Call(_pages.Turn(request, fault), answer, fault);
            }
        }
        catch (MoodleError error)
        {
            answer.Reset();
            answer.Error(error, world.Site.Debug);
        }

        return new PlayAnswer { Status = 200, ContentType = answer.ContentType, Body = answer.Finish(), Headers = s_headers };
    }

    private void Call(PlayRequest request, AnswerWriter answer, PlayFault? fault)
    {
        DateTimeOffset now = platform.Time.GetUtcNow();
        (UserState account, MoodleService service) = LetIn(request, now, fault);
        string name = request["wsfunction"] ?? "";
        if (name.Length == 0)
        {
            throw MoodleError.InvalidParameter("Missing function name");
        }

        if (!s_functions.TryGetValue(name, out IMoodleFunction? function) && !s_others.Contains(name))
        {
            throw MoodleError.NoRecord("external_functions");
        }

        bool listed = service.OnlyUsers?.Contains(account.User.Id) ?? true;
        if (function is null || !service.FunctionSet.Contains(name) || !listed || !account.Capabilities.Contains(MoodleCapabilities.Rest))
        {
            throw MoodleError.Access(NotAllowed(name));
        }

        MoodleCall call = new()
        {
            World = world,
            Account = account,
            Service = service,
            Parameters = new ParameterReader(ParameterNode.Parse(request.Parameters.Where(pair => !IsOwn(pair.Key)))),
            Now = now,
            Site = world.Site.PublicAddress ?? platform.Address.ToString().TrimEnd('/'),
            Raw = request["moodlewssettingraw"] is "1" or "true",
            HidesCompletions = fault?.Kind == PlayFaultKind.VanishedCompletion,
        };
        function.Answer(call, answer);
    }

    private (UserState Account, MoodleService Service) LetIn(PlayRequest request, DateTimeOffset now, PlayFault? fault)
    {
        MoodleToken token = world.FindToken(request["wstoken"] ?? "") ?? throw MoodleError.InvalidToken();
        if (token.ValidUntil < now || fault?.Kind == PlayFaultKind.ExpiredToken)
        {
            world.Revoke(token.Value);
            throw MoodleError.Access("Invalid token - token expired - check validuntil time for the token");
        }

        if (token.OnlyFrom is not null && !token.OnlyFrom.Equals(request.From))
        {
            throw MoodleError.Access($"Invalid service - IP:{request.From} is not supported - check this allowed user");
        }

        UserState account = world.FindUser(token.UserId) ?? throw MoodleError.InvalidToken();
        if (world.Site.Maintenance && !account.Capabilities.Contains(MoodleCapabilities.MaintenanceAccess))
        {
            throw MoodleError.Maintenance();
        }

        return account.User switch
        {
            { Deleted: true } => throw MoodleError.DeletedAccount(account.User.UserName),
            { Suspended: true } => throw MoodleError.SuspendedAccount(account.User.UserName),
            _ => (account, token.Service),
        };
    }

    private static bool IsOwn(string name) =>
        name is "wstoken" or "wsfunction" or "moodlewsrestformat" || name.StartsWith("moodlewssetting", StringComparison.Ordinal);

    private static string NotAllowed(string function) =>
        $"""
        Access to the function {function}() is not allowed.
                             There could be multiple reasons for this:
                             1. The service linked to the user token does not contain the function.
                             2. The service is user-restricted and the user is not listed.
                             3. The service is IP-restricted and the user IP is not listed.
                             4. The service is time-restricted and the time has expired.
                             5. The token is time-restricted and the time has expired.
                             6. The service requires a specific capability which the user does not have.
                             7. The function is called with username/password (no user token is sent)
                             and none of the services has the function to allow the user.
                             These settings can be found in Administration > Site administration
                             > Server > Web services > External services and Manage tokens.
        """;

    private static byte[] Page(string title) => Encoding.UTF8.GetBytes($"<!DOCTYPE html>\n<html lang=\"en\"><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n");
}
