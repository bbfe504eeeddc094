using System.Globalization;
using System.Text.Json;

namespace CredSync.Sandbox.Edx;

/// <summary>The certificates API: by user name only, without paging, without "changed since".</summary>
internal static class CertificatesApi
{
    public static PlayAnswer One(EdxWorld world, string userName, string run, bool hidden)
    {
        if (!EdxCourse.IsRun(run))
        {
            return EdxErrors.Code(404, "course_id_not_valid");
        }

        if (world.FindCourse(run) is { HasCertificatePage: false })
        {
            return EdxErrors.Code(404, "no_certificate_configuration_for_course");
        }

        return !hidden && world.Find(userName, run) is { Certificate: not null } enrolment
            ? JsonBody.Answer(200, json => Write(json, world, enrolment, inList: false))
            : EdxErrors.Code(404, "no_certificate_for_user");
    }

    /// <summary>Only certificates that count. A learner with a hidden profile has none, and so has one who does not exist.</summary>
    public static PlayAnswer List(EdxWorld world, string userName, bool hidden) => JsonBody.Answer(200, json =>
    {
        json.WriteStartArray();
        if (!hidden && world.FindUser(userName) is { ProfileHidden: false, Retired: false })
        {
            foreach (EdxEnrolment enrolment in world.Enrolments.Where(x => x.User.UserName == userName && x.Certificate is { IsPassing: true }))
            {
                Write(json, world, enrolment, inList: true);
            }
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, EdxWorld world, EdxEnrolment enrolment, bool inList)
    {
        EdxCertificate certificate = enrolment.Certificate!;
        json.WriteStartObject();
        json.WriteString("username", enrolment.User.UserName);
        json.WriteString("course_id", enrolment.Course.Run);
        if (inList)
        {
            json.WriteString("course_display_name", enrolment.Course.Title);
            json.WriteString("course_organization", enrolment.Course.Organisation);
        }

        json.WriteString("certificate_type", enrolment.Mode);
        json.WriteString("created_date", Time(certificate.CreatedAt));
        if (inList)
        {
            json.WriteString("modified_date", Time(certificate.ModifiedAt));
            json.WriteString("uuid", certificate.Uuid);
        }

        json.WriteString("status", certificate.Status);
        json.WriteBoolean("is_passing", certificate.IsPassing);
        json.WriteString("download_url", certificate.Status == "downloadable" ? $"{world.PublicAddress}/certificates/{certificate.Uuid}" : null);
        json.WriteString("grade", certificate.GradeText);
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
