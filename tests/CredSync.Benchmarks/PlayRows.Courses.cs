using System.Collections.Specialized;
using System.Globalization;
using CredSync.Sources.Moodle;

namespace CredSync.Benchmarks;

// The dialects of platforms that are read course by course: a thousand learners each, as many courses as there are thousands of rows.
internal sealed partial class PlayRows
{
    private const int Learners = 1_000;
    private int listed;

    /// <summary>How many learners were listed.</summary>
    public int Listed => Volatile.Read(ref listed);

    /// <summary>The runs of so many rows at Open edX.</summary>
    public static IReadOnlyList<string> Runs(int rows) => [.. Enumerable.Range(0, rows / Learners).Select(n => string.Create(CultureInfo.InvariantCulture, $"course-v1:NorthX+C{n}+2023"))];

    /// <summary>The keys of the learners of a Moodle course; null for what is none.</summary>
    public static IEnumerable<string>? LearnersOf(string course) => course.StartsWith("M-", StringComparison.Ordinal) && int.TryParse(course.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        ? Enumerable.Range(1, Learners).Select(n => string.Create(CultureInfo.InvariantCulture, $"{((long)id * Learners) + n}|{id}|1"))
        : null;

    private HttpResponseMessage Edx(string[] path, NameValueCollection query)
    {
        if (path[1] == "certificates")
        {
            return Answer(json =>
            {
                json.WriteString("status", "downloadable");
                json.WriteBoolean("is_passing", true);
                json.WriteString("created_date", Start);
                json.WriteString("grade", "0.93");
            });
        }

        (int from, int size) = (Number(query["cursor"]), Number(query["page_size"]));
        Interlocked.Add(ref listed, Math.Min(size, Learners - from));
        return Answer(json =>
        {
            if (from + size < Learners)
            {
                json.WriteString("next", string.Create(CultureInfo.InvariantCulture, $"https://play.example/{string.Join('/', path)}/?cursor={from + size}&page_size={size}"));
            }

            json.WriteStartArray("results");
            for (int n = from; n < Math.Min(from + size, Learners); n++)
            {
                json.WriteStartObject();
                json.WriteString("username", string.Create(CultureInfo.InvariantCulture, $"learner{n}"));
                json.WriteString("email", "");
                json.WriteBoolean("passed", true);
                json.WriteNumber("percent", 0.93m);
                json.WriteString("letter_grade", "Pass");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private HttpResponseMessage Moodle(NameValueCollection form) => form["wsfunction"] switch
    {
        MoodleFunctions.Site => Answer(json =>
        {
            json.WriteNumber("userid", 2);
            json.WriteString("release", "4.5");
            json.WriteString("version", "2024100700");
            json.WriteStartArray("functions");
            foreach (string function in (string[])[MoodleFunctions.Site, MoodleFunctions.Courses, MoodleFunctions.Learners, MoodleFunctions.Status, MoodleFunctions.Grades, MoodleFunctions.Report])
            {
                json.WriteStartObject();
                json.WriteString("name", function);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),
        MoodleFunctions.Courses => Answer(json =>
        {
            json.WriteStartArray("courses");
            for (int id = 2; id < 2 + (rows / Learners); id++)
            {
                json.WriteStartObject();
                json.WriteNumber("id", id);
                json.WriteString("shortname", $"Short {id}");
                json.WriteString("fullname", $"The subject of {id}");
                json.WriteString("idnumber", $"M-{id}");
                json.WriteString("format", "topics");
                json.WriteNumber("enablecompletion", 1);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),
        MoodleFunctions.Learners => LearnersPage(Number(form["courseid"]), Option(form, "limitfrom"), Option(form, "limitnumber")),
        MoodleFunctions.Report => ReportPage(Number(form["page"]), Number(form["perpage"])),
        _ => Answer(json =>
        {
            json.WriteStartObject("completionstatus");
            json.WriteBoolean("completed", true);
            json.WriteNumber("aggregation", 1);
            json.WriteStartArray("completions");
            json.WriteStartObject();
            json.WriteBoolean("complete", true);
            json.WriteNumber("timecompleted", Start.ToUnixTimeSeconds());
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }),
    };

    private static int Option(NameValueCollection form, string name)
    {
        for (int i = 0; form[$"options[{i}][name]"] is { } found; i++)
        {
            if (found == name)
            {
                return Number(form[$"options[{i}][value]"]);
            }
        }

        return 0;
    }

    private HttpResponseMessage LearnersPage(int course, int from, int size)
    {
        int to = Math.Min(from + size, Learners);
        Interlocked.Add(ref listed, Math.Max(0, to - from));
        return Answer(
            json =>
            {
                json.WriteStartArray();
                for (int n = from + 1; n <= to; n++)
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", ((long)course * Learners) + n);
                    json.WriteString("fullname", $"Learner Number {n}");
                    json.WriteString("username", $"learner{course}.{n}");
                    json.WriteString("email", $"learner{course}.{n}@northwind.example");
                    json.WriteString("idnumber", $"E{course}.{n}");
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            },
            bare: true);
    }

    // Nine in ten are open.
    private HttpResponseMessage ReportPage(int page, int size) => Answer(json =>
    {
        json.WriteStartObject("data");
        json.WriteStartArray("headers");
        foreach (string header in (string[])["Course ID number", "ID number", "Email address", "Completed"])
        {
            json.WriteStringValue(header);
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        for (int row = page * size; row < Math.Min((page + 1) * size, rows); row++)
        {
            (int course, int n) = (2 + (row / Learners), 1 + (row % Learners));
            json.WriteStartObject();
            json.WriteStartArray("columns");
            json.WriteStringValue($"M-{course}");
            json.WriteStringValue($"E{course}.{n}");
            json.WriteStringValue($"learner{course}.{n}@northwind.example");
            json.WriteStringValue(n % 10 == 0 ? "Yes" : "No");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("totalrowcount", rows);
        json.WriteEndObject();
    });
}
