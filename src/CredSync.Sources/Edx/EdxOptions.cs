using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Sources.Edx;

/// <summary>Settings of an Open edX source.</summary>
internal sealed class EdxOptions : IValidatableObject
{
    /// <summary>Address of the learning site (LMS). Required.</summary>
    [Setting("address", "Address of the learning site (LMS).", Required = true, Example = "https://courses.example.org")]
    public Uri? Address { get; set; }

    /// <summary>Client id of an OAuth application whose user is staff. Required.</summary>
    [Setting("client_id", "Client id of an OAuth application whose user is staff.", Required = true, Example = "env:EDX_CLIENT_ID")]
    public Secret? ClientId { get; set; }

    /// <summary>Secret of that application. Required.</summary>
    [Setting("client_secret", "Secret of that application.", Required = true, Example = "env:EDX_CLIENT_SECRET")]
    public Secret? ClientSecret { get; set; }

    /// <summary>The course runs that are read, by their whole keys; at least one.</summary>
    [Setting("courses", "The course runs that are read, by their whole keys.", Required = true, Example = "[\"course-v1:NorthX+DATA101+2026_T1\"]")]
    public IReadOnlyList<string> Courses { get; set; } = [];

    /// <summary>Whether e-mail address and name are looked up for who passed. Default true; the grades name people by username only.</summary>
    [Setting("accounts", "Whether e-mail address and name are looked up for who passed; the grades name people by username only.")]
    public bool Accounts { get; set; } = true;

    /// <summary>Calls in flight at once, 1 to 8, default 2.</summary>
    [Setting("concurrent_calls", "Calls in flight at once; the platform limits staff to about 120 a minute on some of them.")]
    [Range(1, 8)]
    public int ConcurrentCalls { get; set; } = 2;

    /// <summary>Learners a page, 1 to 200, default 50.</summary>
    [Setting("page_size", "Learners a page.")]
    [Range(1, 200)]
    public int PageSize { get; set; } = 50;

    /// <summary>How many sweeps it takes to look again at everyone: who is complete already, and who has no passing grade but may hold a certificate. Default 7.</summary>
    [Setting("reverify_slices", "How many sweeps it takes to look again at who is complete already and at who may hold a certificate without a passing grade; 1 looks at all of them each time.")]
    [Range(1, 1000)]
    public int ReverifySlices { get; set; } = 7;

    /// <summary>Whether e-mail addresses are confirmed. Default true: Open edX activates an account by e-mail.</summary>
    [Setting("trust_email", "Whether e-mail addresses may match people across platforms; Open edX activates accounts by e-mail.")]
    public bool TrustEmail { get; set; } = true;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string key in Courses.Where(c => !IsRun(c)))
        {
            yield return new ValidationResult($"'{key}' is no key of a run; it is written as the course's address shows it, for example course-v1:NorthX+DATA101+2026_T1 with its + signs.", [nameof(Courses)]);
        }
    }

    // course-v1:org+course+run, ccx-v1:org+course+run+ccx@number, and org/course/run of old sites. Copied from an address, a + may have become a space or %2B.
    private static bool IsRun(string key)
    {
        int colon = key.IndexOf(':', StringComparison.Ordinal);
        string[] parts = colon < 0 ? key.Split('/') : key[(colon + 1)..].Split('+');
        return parts.Length >= 3 && parts.All(p => p.Length > 0) && !key.Any(c => char.IsWhiteSpace(c) || c == '%');
    }
}
