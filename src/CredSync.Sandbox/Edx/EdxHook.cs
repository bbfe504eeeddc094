using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CredSync.Sandbox.Edx;

/// <summary>A message of the <c>openedx-webhooks</c> plugin, fixed at the moment at which the event happened.</summary>
internal sealed class EdxHook
{
    private EdxHook(string eventType, ReadOnlyMemory<byte> body)
    {
        EventType = eventType;
        Body = body;
    }

    public string EventType { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public static EdxHook Certificate(EdxEnrolment enrolment, string what, DateTimeOffset at, int number)
    {
        EdxCertificate certificate = enrolment.Certificate!;
        return Create($"org.openedx.learning.certificate.{what}.v1", "openedx_events.learning.data.CertificateData", at, number, json =>
        {
            User(json, enrolment.User);
            Course(json, enrolment.Course);
            json.WriteString("mode", enrolment.Mode);
            json.WriteString("grade", certificate.GradeText);
            json.WriteString("download_url", "");
            json.WriteString("name", enrolment.User.Name);
            json.WriteString("current_status", certificate.Status);
            json.WriteString("previous_status", "");
        });
    }

    public static EdxHook PassingStatus(EdxEnrolment enrolment, DateTimeOffset at, int number) => Create(
        "org.openedx.learning.course.passing.status.updated.v1", "openedx_events.learning.data.CoursePassingStatusData", at, number, json =>
        {
            json.WriteBoolean("is_passing", enrolment.Passed);
            Course(json, enrolment.Course);
            User(json, enrolment.User);
        });

    /// <summary>A time as Python prints it: a space in the middle, six decimals or none.</summary>
    internal static string PythonTime(DateTimeOffset at)
    {
        DateTimeOffset utc = at.ToUniversalTime();
        string fraction = utc.Ticks % TimeSpan.TicksPerSecond / 10 == 0 ? "" : ".ffffff";
        return utc.ToString("yyyy-MM-dd HH:mm:ss" + fraction, CultureInfo.InvariantCulture) + "+00:00";
    }

    private static EdxHook Create(string eventType, string classPath, DateTimeOffset at, int number, Action<Utf8JsonWriter> data)
    {
        PlayAnswer body = JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject(classPath);
            data(json);
            json.WriteEndObject();
            json.WriteStartObject("event_metadata");
            json.WriteString("id", Id(eventType, at, number));
            json.WriteString("event_type", eventType);
            json.WriteNumber("minorversion", 0);
            json.WriteString("source", "openedx/lms/web");
            json.WriteString("sourcehost", "lms-play");
            json.WriteString("time", PythonTime(at));
            json.WriteStartArray("sourcelib");
            json.WriteNumberValue(10);
            json.WriteNumberValue(5);
            json.WriteNumberValue(0);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        });
        return new EdxHook(eventType, body.Body);
    }

    private static void User(Utf8JsonWriter json, EdxUser user)
    {
        json.WriteStartObject("user");
        json.WriteNumber("id", user.Id);
        json.WriteBoolean("is_active", true);
        json.WriteStartObject("pii");
        json.WriteString("username", user.UserName);
        json.WriteString("email", user.Email);
        json.WriteString("name", user.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Course(Utf8JsonWriter json, EdxCourse course)
    {
        json.WriteStartObject("course");
        json.WriteString("course_key", course.Run);
        json.WriteString("display_name", "");
        json.WriteNull("start");
        json.WriteNull("end");
        json.WriteEndObject();
    }

    private static Guid Id(string eventType, DateTimeOffset at, int number) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{eventType}|{at:O}|{number}"))).AsSpan(0, 16));
}
