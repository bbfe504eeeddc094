using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Issuers.Accredible;

/// <summary>Settings of one Accredible account or department.</summary>
public sealed class AccredibleOptions
{
    /// <summary>The API key. Required.</summary>
    [Setting("api_key", "API key of the account or of one department.", Required = true, Example = "env:ACCREDIBLE_API_KEY")]
    public Secret? ApiKey { get; set; }

    /// <summary>Last day of the key; null when unknown.</summary>
    [Setting("token_expires", "Last day on which the key is good, if it was made with one; check counts the days down.", Example = "2027-01-31")]
    public DateOnly? TokenExpires { get; set; }

    /// <summary>Address of the API without a version. Default Accredible's own.</summary>
    [Setting("address", "Address of the API, without a version; https://eu.api.accredible.com for accounts in the EU, https://sandbox.api.accredible.com for the sandbox.")]
    public Uri Address { get; set; } = new("https://api.accredible.com");

    /// <summary>Whether a new credential is published at once, which also sends Accredible's mail. Default true.</summary>
    [Setting("publish", "Whether a new credential is published at once; otherwise a person publishes it at Accredible.")]
    public bool Publish { get; set; } = true;

    /// <summary>What revoking does, since Accredible has no revocation. Default <see cref="AccredibleRevocation.Expire"/>.</summary>
    [Setting("revoke_by", "What revoking does there: expire (shown as expired since that day), unpublish (the page disappears, the record stays) or delete.")]
    public AccredibleRevocation RevokeBy { get; set; } = AccredibleRevocation.Expire;

    /// <summary>Most calls a minute. 1 to 400, default 300: Accredible takes about 200 in 30 seconds from one address.</summary>
    [Setting("calls_per_minute", "Most calls a minute of one process; Accredible takes 400 from one address.")]
    [Range(1, 400)]
    public int CallsPerMinute { get; set; } = 300;
}

/// <summary>What revoking does at Accredible.</summary>
public enum AccredibleRevocation
{
    /// <summary>It expires on the day of the revocation.</summary>
    Expire,

    /// <summary>It is no longer published.</summary>
    Unpublish,

    /// <summary>It is deleted.</summary>
    Delete,
}
