using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Issuers.VcApi;

/// <summary>Settings of one service with a VC-API, such as the issuer coordinator of the Digital Credentials Consortium.</summary>
public sealed class VcApiOptions
{
    /// <summary>Name of the organisation. Required.</summary>
    [Setting("name", "Name of the organisation that awards, as learners and employers see it.", Required = true, Example = "Northwind Academy")]
    public string Name { get; set; } = "";

    /// <summary>Public address of the organisation; part of ids. Required.</summary>
    [Setting("url", "Public https address of the organisation; ids of credentials and achievements stand under it.", Required = true, Example = "https://badges.northwind.example")]
    public Uri? Url { get; set; }

    /// <summary>Base address of the service. Required.</summary>
    [Setting("address", "Base address of the service.", Required = true, Example = "https://issuer.northwind.example")]
    public Uri? Address { get; set; }

    /// <summary>Tenant of a DCC issuer coordinator; null for a plain VC-API.</summary>
    [Setting("tenant", "Tenant of a DCC issuer coordinator; left out for a plain VC-API, which is asked at /credentials/issue.", Example = "northwind")]
    public string? Tenant { get; set; }

    /// <summary>The tenant's token; null when it is not protected.</summary>
    [Setting("token", "The tenant's token; left out when it has none, which only a closed network allows.", Example = "env:VC_API_TOKEN")]
    public Secret? Token { get; set; }

    /// <summary>Last day of the token; null when unknown.</summary>
    [Setting("token_expires", "Last day on which the token is good, if it has one; check counts the days down.", Example = "2027-01-31")]
    public DateOnly? TokenExpires { get; set; }

    /// <summary>Most calls a minute. 1 to 6000, default 1200: the service is your own.</summary>
    [Setting("calls_per_minute", "Most calls a minute of one process; the service is your own.")]
    [Range(1, 6000)]
    public int CallsPerMinute { get; set; } = 1200;
}
