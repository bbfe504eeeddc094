using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>How a grade is read.</summary>
public enum PlayGrade
{
    FirstAttempt,
    BestScore,
}

/// <summary>Options with a setting of every type.</summary>
public sealed class PlayMoodleOptions
{
    [Setting("address", "Address of the site.", Required = true, Example = "https://moodle.example.org")]
    public Uri? Address { get; set; }

    [Setting("token", "Token of the service user.", Required = true, Example = "env:MOODLE_TOKEN")]
    public Secret? Token { get; set; }

    [Setting("page_size", "Courses in one page.")]
    [Range(1, 500)]
    public int PageSize { get; set; } = 100;

    [Setting("overlap", "How far back each reading begins before the last one.")]
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    [Setting("grade", "Which grade counts.")]
    public PlayGrade Grade { get; set; } = PlayGrade.BestScore;

    [Setting("scale", "What a grade is multiplied by.")]
    public decimal Scale { get; set; } = 1;

    [Setting("hidden_courses", "Whether hidden courses are read.")]
    public bool HiddenCourses { get; set; }

    [Setting("categories", "Categories that are read; all when it is left out.")]
    public IReadOnlyList<string> Categories { get; set; } = [];

    [Setting("fields", "Profile fields and the attributes they become.")]
    public IReadOnlyDictionary<string, string> Fields { get; set; } = new Dictionary<string, string>();

    [Setting("report", "Name of the report.")]
    public string? Report { get; set; }

    [Setting("trust_email", "Whether addresses are confirmed.")]
    public bool TrustEmail { get; set; }
}

/// <summary>Options of another source.</summary>
public sealed class PlayCsvOptions
{
    [Setting("folder", "Where files arrive.", Required = true)]
    public string Folder { get; set; } = "";

    [Setting("wait", "How long a file must be unchanged.")]
    public TimeSpan? Wait { get; set; }
}

/// <summary>Options of the built-in issuer.</summary>
public sealed class PlayBadgesOptions
{
    [Setting("name", "Name of the issuer on credentials.", Required = true)]
    public string Name { get; set; } = "";

    [Setting("url", "Address under which credentials are found.", Required = true)]
    public Uri? Url { get; set; }

    [Setting("key", "The private signing key.")]
    public Secret? Key { get; set; }
}

/// <summary>Options of an adapter whose deliveries are taken as fact.</summary>
public sealed class PlayXapiOptions
{
    [Setting("address", "Address of the store.", Required = true, Example = "https://lrs.example.org/xapi")]
    public Uri? Address { get; set; }
}

/// <summary>Options of a source that need not give scores.</summary>
public sealed class PlayHttpJsonOptions
{
    [Setting("address", "Address of the records.", Required = true, Example = "https://api.example.org/completions")]
    public Uri? Address { get; set; }

    [Setting("fields", "Where each field stands.", Required = true, Example = "{ course: course.code }")]
    public IReadOnlyDictionary<string, string> Fields { get; set; } = new Dictionary<string, string>();
}

/// <summary>Options of a source that need not give addresses.</summary>
public sealed class PlayEdxOptions
{
    [Setting("address", "Address of the site.", Required = true, Example = "https://courses.example.org")]
    public Uri? Address { get; set; }

    [Setting("client_id", "Client id.", Required = true, Example = "env:EDX_CLIENT_ID")]
    public Secret? ClientId { get; set; }

    [Setting("client_secret", "Client secret.", Required = true, Example = "env:EDX_CLIENT_SECRET")]
    public Secret? ClientSecret { get; set; }

    [Setting("courses", "Course runs.", Required = true)]
    public IReadOnlyList<string> Courses { get; set; } = [];

    [Setting("accounts", "Whether addresses are looked up.")]
    public bool Accounts { get; set; } = true;
}

/// <summary>Options of a hosted issuer.</summary>
public sealed class PlayCredlyOptions
{
    [Setting("organization", "Id of the organization.", Required = true)]
    public string Organization { get; set; } = "";

    [Setting("token", "Token.", Required = true)]
    public Secret? Token { get; set; }

    [Setting("token_expires", "Last day of the token.")]
    public DateOnly? TokenExpires { get; set; }
}

/// <summary>Options of an issuer that can do little.</summary>
public sealed class PlayPaperOptions
{
    [Setting("printer", "Name of the printer.")]
    public string? Printer { get; set; }
}
