using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Sources.Coursera;

/// <summary>Settings of a Coursera source.</summary>
internal sealed class CourseraOptions
{
    /// <summary>The API's address. Default <c>https://api.coursera.com</c>; the older host ends in .org and refuses today's tokens.</summary>
    [Setting("address", "The API's address; the older host that ends in .org refuses today's tokens.")]
    public Uri Address { get; set; } = new("https://api.coursera.com");

    /// <summary>The organisation's opaque id of 22 characters, not its public name. Required.</summary>
    [Setting("organisation", "The organisation's opaque id of 22 characters from the admin settings, not its public name.", Required = true, Example = "Qm3vTz0kEe6h1QqV7dX2Lw")]
    public string? Organisation { get; set; }

    /// <summary>Key of the app registered for the business API. Required.</summary>
    [Setting("app_key", "Key of the app that is registered for the business API.", Required = true, Example = "env:COURSERA_KEY")]
    public Secret? AppKey { get; set; }

    /// <summary>Secret of that app. Required.</summary>
    [Setting("app_secret", "Secret of that app.", Required = true, Example = "env:COURSERA_SECRET")]
    public Secret? AppSecret { get; set; }

    /// <summary>Whether specializations and professional certificates are read as well as courses. Default true.</summary>
    [Setting("specializations", "Whether specializations and professional certificates are read as well as courses.")]
    public bool Specializations { get; set; } = true;

    /// <summary>Whether the same content in two programs counts as two facts. Default false: it is one.</summary>
    [Setting("per_program", "Whether the same content in two programs counts as two facts, for programs that award different badges.")]
    public bool PerProgram { get; set; }

    /// <summary>Ids of programs whose gradebook is read after the reports; completions of courses show there a day or two sooner. Default none.</summary>
    [Setting("programs", "Ids of programs whose gradebook is read after the reports; completions of courses show there a day or two sooner.", Example = "[pR7s2xF0Ee6m0Q5uVw9zBg]")]
    public IReadOnlyList<string> Programs { get; set; } = [];

    /// <summary>How far before the newest known completion each reading begins, because reports are a day or two late. Default 7 days.</summary>
    [Setting("overlap", "How far before the newest known completion each reading begins, because reports are a day or two late.")]
    [Range(typeof(TimeSpan), "1.00:00:00", "90.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Overlap { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often everything is read again, which finds late rows and changed grades. Default 7 days.</summary>
    [Setting("full_scan", "How often everything is read again, which finds late rows and changed grades.")]
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan FullScan { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Rows a page, 1 to 1000, default 1000.</summary>
    [Setting("page_size", "Rows a page.")]
    [Range(1, 1000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>Whether e-mail addresses may match people across platforms. Default false: learners change them.</summary>
    [Setting("trust_email", "Whether e-mail addresses may match people across platforms, for example because single sign-on fills them.")]
    public bool TrustEmail { get; set; }
}
