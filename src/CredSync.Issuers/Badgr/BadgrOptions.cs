using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Issuers.Badgr;

/// <summary>Settings of one account at Parchment Digital Badges, Canvas Credentials or another server with the Badgr API v2.</summary>
public sealed class BadgrOptions
{
    /// <summary>The account's user name. Required.</summary>
    [Setting("username", "User name of an account that is staff of the issuer there.", Required = true, Example = "env:BADGR_USERNAME")]
    public Secret? UserName { get; set; }

    /// <summary>The account's password. Required.</summary>
    [Setting("password", "Password of that account.", Required = true, Example = "env:BADGR_PASSWORD")]
    public Secret? Password { get; set; }

    /// <summary>Last day on which the password is good; null for no end. Access tokens need none: they are fetched anew when they end.</summary>
    [Setting("token_expires", "Last day on which the password is good, if it ends; check counts the days down.", Example = "2027-01-31")]
    public DateOnly? TokenExpires { get; set; }

    /// <summary>Address of the server. Default that of the region US.</summary>
    [Setting("address", "Address of the server; for other regions https://api.eu.badgr.io, api.au, api.ca or api.sg.")]
    public Uri Address { get; set; } = new("https://api.badgr.io");

    /// <summary>The OAuth scope. Default <c>rw:issuer</c>.</summary>
    [Setting("scope", "OAuth scope that is asked for; rw:issuer:ID for one issuer only.")]
    public string Scope { get; set; } = "rw:issuer";

    /// <summary>Whether the server writes to the learner. Default true.</summary>
    [Setting("notify", "Whether the server writes to the learner about a new badge.")]
    public bool Notify { get; set; } = true;

    /// <summary>Whether one person may hold a badge more than once. Default false: the server then refuses duplicates.</summary>
    [Setting("allow_duplicates", "Whether one person may hold a badge more than once, as renewals and yearly badges need; otherwise the server refuses duplicates.")]
    public bool AllowDuplicates { get; set; }

    /// <summary>Most calls a minute. 1 to 3000, default 120; no limit is published.</summary>
    [Setting("calls_per_minute", "Most calls a minute of one process; no limit is published.")]
    [Range(1, 3000)]
    public int CallsPerMinute { get; set; } = 120;
}
