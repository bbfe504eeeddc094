using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Web;

namespace CredSync.Benchmarks;

/// <summary>Platforms of so many rows, one learner in five with each, made page by page as they are asked for, in the dialect of whoever asks.</summary>
internal sealed partial class PlayRows(int rows) : HttpMessageHandler
{
    private const int Courses = 100;
    public static readonly DateTimeOffset Start = new(2023, 1, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The same as a file.</summary>
    /// <returns>Its path.</returns>
    public static string WriteCsv(string folder, int rows)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rows-{rows}.csv"));
        using var writer = new StreamWriter(path);
        writer.WriteLine("external_id,email,name,course,title,completed_at,score");
        for (int n = 0; n < rows; n++)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"E{n / 5},learner{n / 5}@northwind.example,Learner Number {n / 5},{Course(n)},The subject of {Course(n)},{At(n):yyyy-MM-dd'T'HH:mm:ss'Z'},{60 + (n % 40)}"));
        }

        return path;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri asked = request.RequestUri!;
        var query = HttpUtility.ParseQueryString(asked.Query);
        return asked.AbsolutePath switch
        {
            "/webservice/rest/server.php" => Moodle(HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(cancellationToken).ConfigureAwait(false))),
            var path when path.StartsWith("/api/", StringComparison.Ordinal) => Edx(path.Split('/', StringSplitOptions.RemoveEmptyEntries), query),
            var path when path.Contains("/oauth2/", StringComparison.Ordinal) => Answer(json =>
            {
                json.WriteString("access_token", "head.play.sign");
                json.WriteNumber("expires_in", 3600);
            }),
            var path when path.EndsWith("/enrollmentReports", StringComparison.Ordinal) => Report(Number(query["start"]), Number(query["limit"])),
            var path when path.EndsWith("/learner-summary", StringComparison.Ordinal) => Summary(Math.Max(1, Number(query["page"])), Number(query["page_size"])),
            "/xapi/statements" => Statements(query["verb"]!, Number(query["from"]), Number(query["limit"])),
            _ => Rows(Number(query["offset"]), Number(query["limit"])),
        };
    }

    private static int Number(string? text) => text is null ? 0 : int.Parse(text, CultureInfo.InvariantCulture);

    private static string Course(int n) => string.Create(CultureInfo.InvariantCulture, $"C-{n % Courses}");

    private static DateTimeOffset At(int n) => Start.AddSeconds(n);

    private HttpResponseMessage Report(int start, int limit) => Answer(json =>
    {
        List(json, "elements", start, limit, n =>
        {
            // One in ten is open, and was complete before.
            bool done = n % 10 != 0;
            json.WriteString("externalId", $"E{n / 5}");
            json.WriteString("email", $"learner{n / 5}@northwind.example");
            json.WriteString("fullName", $"Learner Number {n / 5}");
            json.WriteString("contentId", Course(n));
            json.WriteString("contentType", "Course");
            json.WriteString("contentName", $"The subject of {Course(n)}");
            json.WriteString("programId", $"P{n}");
            json.WriteBoolean("isCompleted", done);
            if (done)
            {
                json.WriteNumber("completedAt", At(n).ToUnixTimeMilliseconds());
                json.WriteString("grade", "0.9");
            }
        });
        json.WriteStartObject("paging");
        if (start + limit < rows)
        {
            json.WriteString("next", (start + limit).ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    });

    private HttpResponseMessage Summary(int page, int size) => Answer(json =>
    {
        if (page * size < rows)
        {
            json.WriteString("next", string.Create(CultureInfo.InvariantCulture, $"https://api.edx.org/enterprise/v3/enterprise-customer/play/learner-summary?page={page + 1}&page_size={size}"));
        }

        List(json, "results", (page - 1) * size, size, n =>
        {
            bool passed = n % 10 != 0;
            json.WriteNumber("enterprise_enrollment_id", n + 1);
            json.WriteString("courserun_key", $"course-v1:NorthX+{Course(n)}+2023");
            json.WriteString("course_title", $"The subject of {Course(n)}");
            json.WriteBoolean("has_passed", passed);
            json.WriteString("user_email", $"learner{n / 5}@northwind.example");
            json.WriteString("enterprise_sso_uid", $"E{n / 5}");
            if (passed)
            {
                json.WriteString("passed_date", At(n).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                json.WriteNumber("current_grade", 0.9m);
            }
        });
    });

    private HttpResponseMessage Statements(string verb, int from, int limit) => Answer(json =>
    {
        bool has = verb.EndsWith("/completed", StringComparison.Ordinal);
        List(json, "statements", from, has ? limit : 0, n =>
        {
            json.WriteString("id", NameBasedUuid.Create(Guid.Empty, $"statement {n}"));
            json.WriteStartObject("actor");
            json.WriteStartObject("account");
            json.WriteString("homePage", "https://lms.northwind.example");
            json.WriteString("name", $"E{n / 5}");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("verb");
            json.WriteString("id", verb);
            json.WriteEndObject();
            json.WriteStartObject("object");
            json.WriteString("id", $"https://lms.northwind.example/{Course(n)}");
            json.WriteStartObject("definition");
            json.WriteString("type", "http://adlnet.gov/expapi/activities/course");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("timestamp", At(n));
            json.WriteString("stored", At(n));
        });
        if (has && from + limit < rows)
        {
            json.WriteString("more", string.Create(CultureInfo.InvariantCulture, $"/xapi/statements?from={from + limit}&limit={limit}&verb={Uri.EscapeDataString(verb)}"));
        }
    });

    private HttpResponseMessage Rows(int offset, int limit) => Answer(json => List(json, "rows", offset, limit, n =>
    {
        json.WriteString("person", $"E{n / 5}");
        json.WriteString("mail", $"learner{n / 5}@northwind.example");
        json.WriteString("course", Course(n));
        json.WriteString("at", At(n));
        json.WriteNumber("score", 60 + (n % 40));
    }));

    private void List(Utf8JsonWriter json, string name, int from, int count, Action<int> row)
    {
        json.WriteStartArray(name);
        for (int n = from; n < Math.Min(from + count, rows); n++)
        {
            json.WriteStartObject();
            row(n);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static HttpResponseMessage Answer(Action<Utf8JsonWriter> write, bool bare = false)
    {
        var bytes = new ArrayBufferWriter<byte>(256 * 1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            if (bare)
            {
                write(json);
            }
            else
            {
                json.WriteStartObject();
                write(json);
                json.WriteEndObject();
            }
        }

        var content = new ByteArrayContent(bytes.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }
}
