using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.Adapters.Tests.Sources.Moodle;

/// <summary>A learner of the scripted Moodle.</summary>
internal sealed record Learner(long Id)
{
    public string? IdNumber { get; init; } = string.Create(CultureInfo.InvariantCulture, $"EMP-{Id}");

    public bool Completed { get; set; }

    public int Aggregation { get; set; } = 1;

    /// <summary>Times of the criteria, epoch seconds; null for one that is not met.</summary>
    public List<long?> Criteria { get; set; } = [];

    public decimal? Grade { get; set; }

    /// <summary>What the status call answers instead, if anything.</summary>
    public string? StatusError { get; set; }

    public static Learner Complete(long id, long at = 1_760_000_000) => new(id) { Completed = true, Criteria = [at] };
}

/// <summary>A course of the scripted Moodle.</summary>
internal sealed record ScriptedCourse(long Id, string ShortName)
{
    public string IdNumber { get; init; } = "CRS-" + ShortName;

    public bool Completion { get; init; } = true;

    public List<Learner> Learners { get; init; } = [];

    /// <summary>Error codes by function that hold for this course only.</summary>
    public Dictionary<string, string> Errors { get; init; } = [];
}

/// <summary>A call as it reached the scripted Moodle.</summary>
internal sealed record MoodleCall(string Function, IReadOnlyDictionary<string, string> Form, Uri Address, int Number)
{
    public long Course => long.Parse(Form.GetValueOrDefault("courseid", "0"), CultureInfo.InvariantCulture);

    public long User => long.Parse(Form.GetValueOrDefault("userid", "0"), CultureInfo.InvariantCulture);

    public string? Option(string name)
    {
        for (int i = 0; Form.TryGetValue($"options[{i}][name]", out string? found); i++)
        {
            if (found == name)
            {
                return Form[$"options[{i}][value]"];
            }
        }

        return null;
    }
}

/// <summary>A Moodle in memory that answers in the recorded shapes; any call can be answered otherwise.</summary>
internal sealed class ScriptedMoodle : HttpMessageHandler
{
    public const string Token = "s3cr3t-moodle-token-0001";
    public const string Enrolled = "core_enrol_get_enrolled_users";
    public const string Status = "core_completion_get_course_completion_status";
    public const string Grades = "gradereport_user_get_grade_items";
    public const string Site = "core_webservice_get_site_info";
    public const string CourseList = "core_course_get_courses_by_field";

    private readonly Lock gate = new();
    private readonly List<MoodleCall> calls = [];

    public List<ScriptedCourse> Courses { get; } = [];

    public HashSet<string> Functions { get; } = [Site, CourseList, Enrolled, Status, Grades];

    /// <summary>Answers a call instead of the model; null lets the model answer.</summary>
    public Func<MoodleCall, HttpResponseMessage?> Instead { get; set; } = _ => null;

    /// <summary>Whether the course list shows idnumbers, as it does to editors.</summary>
    public bool ShowsIdNumbers { get; set; }

    public IReadOnlyList<MoodleCall> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    public static HttpResponseMessage Json(string body) => Text(body, "application/json");

    public static HttpResponseMessage Text(string body, string type, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, type) };

    public static HttpResponseMessage Error(string code, string exception = "core\\\\exception\\\\moodle_exception") =>
        Json($$"""{"exception":"{{exception}}","errorcode":"{{code}}","message":"Some translated words"}""");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Dictionary<string, string> form = body.Split('&').Select(pair => pair.Split('='))
            .ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]));
        MoodleCall call;
        lock (gate)
        {
            call = new MoodleCall(form.GetValueOrDefault("wsfunction", ""), form, request.RequestUri!, calls.Count);
            calls.Add(call);
        }

        return Instead(call) ?? Answer(call);
    }

    private HttpResponseMessage Answer(MoodleCall call)
    {
        if (call.Form["wstoken"] != Token)
        {
            return Error("invalidtoken");
        }

        if (!Functions.Contains(call.Function))
        {
            return Error("accessexception", "webservice_access_exception");
        }

        ScriptedCourse? course = Courses.FirstOrDefault(c => c.Id == call.Course);
        if (course?.Errors.GetValueOrDefault(call.Function) is { } code)
        {
            return Error(code);
        }

        return call.Function switch
        {
            Site => Json(new JsonObject
            {
                ["userid"] = 3,
                ["release"] = "4.5.6 (Build: 20250811)",
                ["version"] = "2024100706",
                ["userprivateaccesskey"] = "0123456789abcdef",
                ["functions"] = new JsonArray([.. Functions.Select(f => new JsonObject { ["name"] = f, ["version"] = "2024100706" })]),
                ["advancedfeatures"] = new JsonArray(new JsonObject { ["name"] = "enablecompletion", ["value"] = 1 }),
            }.ToJsonString()),
            CourseList => Json(new JsonObject { ["courses"] = new JsonArray([.. Courses.Select(Row)]), ["warnings"] = new JsonArray() }.ToJsonString()),
            Enrolled => course is null ? Error("invalidrecord") : Json(Page(course, call).ToJsonString()),
            Status => course is null ? Error("invalidrecord") : StatusOf(course, call.User),
            Grades => course is null ? Error("invalidrecord") : Json(GradesOf(course, call.User).ToJsonString()),
            _ => Error("invalidrecord"),
        };
    }

    private JsonObject Row(ScriptedCourse course)
    {
        JsonObject row = new()
        {
            ["id"] = course.Id,
            ["shortname"] = course.ShortName,
            ["fullname"] = "Führung &amp; " + course.ShortName,
            ["categoryname"] = "Category 1",
            ["format"] = "topics",
            ["enablecompletion"] = course.Completion ? 1 : 0,
            ["groupmode"] = 0,
        };
        if (ShowsIdNumbers)
        {
            row["idnumber"] = course.IdNumber;
        }

        return row;
    }

    private static JsonArray Page(ScriptedCourse course, MoodleCall call)
    {
        int from = int.Parse(call.Option("limitfrom") ?? "0", CultureInfo.InvariantCulture);
        int limit = int.Parse(call.Option("limitnumber") ?? "0", CultureInfo.InvariantCulture);
        return new JsonArray([.. course.Learners.OrderBy(l => l.Id).Skip(from).Take(limit <= 0 ? int.MaxValue : limit).Select(l => new JsonObject
        {
            ["id"] = l.Id,
            ["fullname"] = $"Learner {l.Id}",
            ["username"] = $"learner{l.Id}",
            ["email"] = $"learner{l.Id}@example.com",
            ["idnumber"] = l.IdNumber,
        })]);
    }

    private static HttpResponseMessage StatusOf(ScriptedCourse course, long user)
    {
        if (course.Learners.FirstOrDefault(l => l.Id == user) is not { } learner)
        {
            return Error("usernotenroled");
        }

        return learner.StatusError is { } code ? Error(code) : Json(new JsonObject
        {
            ["completionstatus"] = new JsonObject
            {
                ["completed"] = learner.Completed,
                ["aggregation"] = learner.Aggregation,
                ["completions"] = new JsonArray([.. learner.Criteria.Select(time => new JsonObject
                {
                    ["type"] = 1,
                    ["title"] = "Self completion",
                    ["status"] = time is null ? "No" : "Yes",
                    ["complete"] = time is not null,
                    ["timecompleted"] = time,
                })]),
            },
            ["warnings"] = new JsonArray(),
        }.ToJsonString());
    }

    private static JsonObject GradesOf(ScriptedCourse course, long user) => new()
    {
        ["usergrades"] = new JsonArray(new JsonObject
        {
            ["courseid"] = course.Id,
            ["courseidnumber"] = course.IdNumber,
            ["userid"] = user,
            ["gradeitems"] = new JsonArray(new JsonObject
            {
                ["itemtype"] = "course",
                ["scaleid"] = null,
                ["graderaw"] = course.Learners.FirstOrDefault(l => l.Id == user)?.Grade is { } grade ? JsonValue.Create(grade) : null,
                ["grademin"] = 0,
                ["grademax"] = 100,
                ["gradeformatted"] = "-",
            }),
        }),
        ["warnings"] = new JsonArray(),
    };
}
