using System.Globalization;
using System.Net;
using System.Text.Json;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Moodle;

/// <summary>An answer, or Moodle's refusal where it reaches no further than a course or a learner.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Value">The answer; null when refused.</param>
/// <param name="Refusal">The refusal; null when answered.</param>
internal readonly record struct MoodleAnswer<T>(T? Value, MoodleRefusal? Refusal)
    where T : class;

/// <summary>Moodle's REST protocol: forms out, JSON in, refusals told apart by their code. HTTP only, no meaning.</summary>
internal sealed class MoodleClient(SourceHttp http, MoodleOptions options, TimeProvider time)
{
    private readonly Uri? endpoint = options.Address is { IsAbsoluteUri: true } address
        ? new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/webservice/rest/server.php")
        : null;

    /// <summary>The platform and source in words.</summary>
    public string Who => http.Who;

    /// <summary>How the platform's clock stands to this machine's, after its last answer; empty when it does not say what time it has.</summary>
    public IReadOnlyList<CheckResult> Clock => http.Clock;

    /// <summary>Creates a client.</summary>
    public static MoodleClient Create(SourceIdentity identity, MoodleOptions options, IHttpClientFactory clients, SourceHttpSettings settings, TimeProvider time) =>
        new(new SourceHttp(clients, MoodleRegistration.Adapter, "Moodle", identity, settings, time), options, time);

    /// <summary>The site, its version and the functions that the token may call.</summary>
    public Task<MoodleAnswer<MoodleSite>> GetSiteAsync(CancellationToken ct) => CallAsync(
        MoodleFunctions.Site, [], static root => Read<MoodleSite>(root) is { UserId: > 0 } site ? site : throw new JsonException(), ct);

    /// <summary>All courses that the account may see, hidden ones with the right for them. (The older core_course_get_courses fails altogether for one hidden course.)</summary>
    public Task<MoodleAnswer<MoodleCourseList>> GetCoursesAsync(CancellationToken ct) =>
        CallAsync(MoodleFunctions.Courses, [], Read<MoodleCourseList>, ct);

    /// <summary>
    /// A page of the learners whose completion is tracked, by user id. Rows are read one by one: <see cref="JsonElement"/>s are handed on for that.
    /// </summary>
    public Task<MoodleAnswer<IReadOnlyList<JsonElement>>> GetLearnersAsync(long courseId, int from, int limit, CancellationToken ct) =>
        GetLearnersAsync(courseId, from, limit, onlyActive: true, onlyTracked: true, ct);

    /// <summary>The same with each filter by choice, so that a check can tell which of them is refused.</summary>
    public Task<MoodleAnswer<IReadOnlyList<JsonElement>>> GetLearnersAsync(
        long courseId, int from, int limit, bool onlyActive, bool onlyTracked, CancellationToken ct)
    {
        List<KeyValuePair<string, string>> form = [new("courseid", Text(courseId))];
        int option = 0;
        Add("limitfrom", Text(from));
        Add("limitnumber", Text(limit));
        Add("sortby", "id");
        Add("userfields", "id,idnumber,username,email");
        if (onlyActive)
        {
            Add("onlyactive", "1");
        }

        if (onlyTracked)
        {
            // With onlyactive this is exactly the set for which the status call answers (moodle-behaviour section 4).
            Add("withcapability", "moodle/course:isincompletionreports");
        }

        return CallAsync<IReadOnlyList<JsonElement>>(
            MoodleFunctions.Learners,
            form,
            static root => root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Select(row => row.Clone())] : throw new JsonException(),
            ct);

        void Add(string name, string value)
        {
            form.Add(new($"options[{option}][name]", name));
            form.Add(new($"options[{option}][value]", value));
            option++;
        }
    }

    /// <summary>An account by its number; empty when it is not there or may not be seen.</summary>
    public Task<MoodleAnswer<IReadOnlyList<MoodleLearner>>> GetUserAsync(long userId, CancellationToken ct) =>
        CallAsync<IReadOnlyList<MoodleLearner>>(MoodleFunctions.Users, [new("field", "id"), new("values[0]", Text(userId))], Read<List<MoodleLearner>>, ct);

    /// <summary>Where one learner stands.</summary>
    public async Task<MoodleAnswer<MoodleStatus>> GetStatusAsync(long courseId, long userId, CancellationToken ct) => await CallAsync(
        MoodleFunctions.Status,
        [new("courseid", Text(courseId)), new("userid", Text(userId))],
        static root => Read<MoodleStatusAnswer>(root).Status ?? throw new JsonException(),
        ct).ConfigureAwait(false);

    /// <summary>The grades of one learner; user 0 would be everyone without paging, so it is never asked.</summary>
    public Task<MoodleAnswer<MoodleGrades>> GetGradesAsync(long courseId, long userId, CancellationToken ct) => CallAsync(
        MoodleFunctions.Grades, [new("courseid", Text(courseId)), new("userid", Text(userId))], Read<MoodleGrades>, ct);

    /// <summary>A page of a custom report.</summary>
    public async Task<MoodleAnswer<MoodleReportData>> GetReportAsync(int report, int page, int perPage, CancellationToken ct) => await CallAsync(
        MoodleFunctions.Report,
        [new("reportid", Text(report)), new("page", Text(page)), new("perpage", Text(perPage))],
        static root => Read<MoodleReportAnswer>(root).Data ?? throw new JsonException(),
        ct).ConfigureAwait(false);

    private async Task<MoodleAnswer<T>> CallAsync<T>(
        string function, List<KeyValuePair<string, string>> form, Func<JsonElement, T> read, CancellationToken ct)
        where T : class
    {
        if (endpoint is null)
        {
            throw new SourceException(FaultKind.Misconfigured, $"{Who} has no 'address': name the site's address, for example https://moodle.example.org.");
        }

        // The token travels in the form, never in the address, which access logs keep.
        using HttpRequestMessage request = new(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent(
            [
                new("wstoken", SecretReading.Read(Who, options.Token, "token")),
                new("wsfunction", function),
                new("moodlewsrestformat", "json"),
                .. form,
            ]),
        };
        using HttpResponseMessage answer = await http.SendAsync(request, ct).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.Forbidden)
        {
            throw new SourceException(FaultKind.Misconfigured,
                $"{Who} answers HTTP 403 before it looks at the token: web services or the REST protocol are switched off (Site administration > Server > Web services), or a firewall blocks this machine; mend that and resume the source.");
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw HttpFaults.Of(Who, answer, time);
        }

        using JsonDocument json = await JsonAnswer.ReadAsync(Who, answer, ct).ConfigureAwait(false);
        if (RefusalIn(json.RootElement, function) is { } refusal)
        {
            return MoodleErrors.ScopeOf(refusal) == MoodleScope.Site ? throw MoodleErrors.Fault(Who, refusal) : new(null, refusal);
        }

        try
        {
            return new(read(json.RootElement), null);
        }
        catch (JsonException)
        {
            // The JSON exception's own message may quote a value, so it is left out.
            throw new SourceException(FaultKind.Broken,
                $"{Who} answered {function} in a shape that is not Moodle's: check that the address is a Moodle site and that no plugin changes its answers.");
        }
    }

    private static MoodleRefusal? RefusalIn(JsonElement root, string function)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        bool coded = root.TryGetProperty("errorcode", out JsonElement code);
        return root.TryGetProperty("exception", out _) || (coded && root.TryGetProperty("message", out _))
            ? new MoodleRefusal(function, coded && code.ValueKind == JsonValueKind.String ? Plain(code.GetString()!) : "")
            : null;
    }

    /// <summary>A code goes into sentences, so nothing but a code may pass.</summary>
    private static string Plain(string code) => code.Length <= 64 && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or ':' or '-') ? code : "";

    private static T Read<T>(JsonElement root)
        where T : class => root.Deserialize<T>(Tolerant.Json) ?? throw new JsonException();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
