using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Sources.EdxBusiness;

/// <summary>Settings of a source that reads the enrolment reports of edX for Business (source-apis.md section 2.10).</summary>
internal sealed class EdxBusinessOptions : IValidatableObject
{
    /// <summary>Address of the API. Default <c>https://api.edx.org</c>; one's own analytics service has another.</summary>
    [Setting("address", "Address of the API; one's own analytics service (edx-enterprise-data) has another.")]
    public Uri Address { get; set; } = new("https://api.edx.org");

    /// <summary>Client id of the API credentials. Required.</summary>
    [Setting("client_id", "Client id of the API credentials.", Required = true, Example = "env:EDX_BUSINESS_ID")]
    public Secret? ClientId { get; set; }

    /// <summary>Secret of the API credentials. Required.</summary>
    [Setting("client_secret", "Secret of the API credentials.", Required = true, Example = "env:EDX_BUSINESS_SECRET")]
    public Secret? ClientSecret { get; set; }

    /// <summary>Id of the enterprise, a UUID. Required.</summary>
    [Setting("enterprise", "Id of the enterprise (a UUID), as edX gave it.", Required = true, Example = "6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11")]
    public string? Enterprise { get; set; }

    /// <summary>Which report is read. Default the one of edX's own API.</summary>
    [Setting("report", "Which report is read: learner-summary of edX's own API, or enrollments of the analytics data API.")]
    public EdxBusinessReport Report { get; set; } = EdxBusinessReport.LearnerSummary;

    /// <summary>Path of the token endpoint. Default that of edX's own API.</summary>
    [Setting("token_path", "Path of the token endpoint; a self-hosted site has /oauth2/access_token.")]
    public string TokenPath { get; set; } = "/oauth2/v1/access_token";

    /// <summary>What rules call a course. Default the run.</summary>
    [Setting("course_key", "What rules call a course: the key of the run, or of the course that it is an edition of.")]
    public EdxBusinessCourseKey CourseKey { get; set; } = EdxBusinessCourseKey.Run;

    /// <summary>Rows a page, 1 to 1000; null, the default, asks for none in particular, because edX's own page does not say whether it may be asked for.</summary>
    [Setting("page_size", "Rows a page; left out, as many as the platform likes.", Example = "500")]
    [Range(1, 1000)]
    public int? PageSize { get; set; }

    /// <summary>Whether e-mail addresses are confirmed. Default true: edX activates an account by e-mail.</summary>
    [Setting("trust_email", "Whether e-mail addresses may match people across platforms; edX activates accounts by e-mail.")]
    public bool TrustEmail { get; set; } = true;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Enterprise is { } id && !Guid.TryParseExact(id, "D", out _))
        {
            yield return new ValidationResult("The enterprise is a UUID such as 6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11, not its name; edX tells it.", [nameof(Enterprise)]);
        }
    }
}

/// <summary>A report of edX for Business.</summary>
internal enum EdxBusinessReport
{
    /// <summary><c>learner-summary</c> of the enterprise API.</summary>
    LearnerSummary,

    /// <summary><c>enrollments</c> of the analytics data API.</summary>
    Enrollments,
}

/// <summary>What rules call a course.</summary>
internal enum EdxBusinessCourseKey
{
    /// <summary>The key of the run.</summary>
    Run,

    /// <summary>The key of the course.</summary>
    Course,
}
