using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Issuers.Credly;

/// <summary>Settings of one Credly organization.</summary>
public sealed class CredlyOptions
{
    /// <summary>Id of the organization at Credly. Required.</summary>
    [Setting("organization", "Id of the organization at Credly (a UUID, shown on its developer page).", Required = true, Example = "6b0b9a4e-5d0c-4f0f-9b61-3c1b3f0e7a10")]
    public string Organization { get; set; } = "";

    /// <summary>The organization's authorization token, with the rights to read and write. Required.</summary>
    [Setting("token", "Authorization token of the organization, with the rights to read and write.", Required = true, Example = "env:CREDLY_TOKEN")]
    public Secret? Token { get; set; }

    /// <summary>Last day of the token; null when unknown.</summary>
    [Setting("token_expires", "Last day on which the token is good, as Credly shows it; check counts the days down.", Example = "2027-01-31")]
    public DateOnly? TokenExpires { get; set; }

    /// <summary>Address of the API. Default Credly's own.</summary>
    [Setting("address", "Address of the API; https://sandbox-api.credly.com/v1 for Credly's sandbox.")]
    public Uri Address { get; set; } = new("https://api.credly.com/v1");

    /// <summary>Whether Credly writes to the learner about a new badge. Default true.</summary>
    [Setting("notify", "Whether Credly writes to the learner about a new or revoked badge.")]
    public bool Notify { get; set; } = true;

    /// <summary>Language of Credly's mail; null for Credly's default, <c>en</c>.</summary>
    [Setting("locale", "Language of Credly's mail: en, fr, de, ko, ja, zh-CN, pt, es-ES, es-US, fr-CA or pt-BR.", Example = "de")]
    public string? Locale { get; set; }

    /// <summary>Most calls a minute. 1 to 3000, default 120; Credly publishes no limit.</summary>
    [Setting("calls_per_minute", "Most calls a minute of one process; Credly publishes no limit.")]
    [Range(1, 3000)]
    public int CallsPerMinute { get; set; } = 120;
}
