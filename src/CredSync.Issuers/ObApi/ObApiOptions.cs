using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Issuers.ObApi;

/// <summary>Settings of one host with the Open Badges 3.0 API, to which credentials signed here are handed over.</summary>
public sealed class ObApiOptions
{
    /// <summary>Name of the organisation. Required.</summary>
    [Setting("name", "Name of the organisation that awards, as learners and employers see it.", Required = true, Example = "Northwind Academy")]
    public string Name { get; set; } = "";

    /// <summary>Public address of the issuer; null with a <see cref="Did"/>.</summary>
    [Setting("url", "Public https address under which the issuer's DID document is served; without it a did is needed.", Example = "https://badges.northwind.example")]
    public Uri? Url { get; set; }

    /// <summary>DID of the issuer; null for the did:web of <see cref="Url"/>.</summary>
    [Setting("did", "DID of the issuer; by default the did:web of the address.", Example = "did:web:badges.northwind.example")]
    public string? Did { get; set; }

    /// <summary>Path of the signing key's file; null for <c>keys/&lt;issuer&gt;.key</c> in the data folder.</summary>
    [Setting("key", "Path of the file with the signing key; by default keys/<issuer>.key in the data folder.", Example = "data/keys/northwind-badges.key")]
    public string? Key { get; set; }

    /// <summary>Base address of the host's API, up to <c>/ims/ob/v3p0</c>. Required.</summary>
    [Setting("address", "Base address of the host's API, up to and with /ims/ob/v3p0.", Required = true, Example = "https://wallet.example.org/ims/ob/v3p0")]
    public Uri? Address { get; set; }

    /// <summary>Whether the credential is handed over as JSON or as a VC-JWT. Default <see cref="ObApiForm.Json"/>.</summary>
    [Setting("form", "How the credential is handed over: json (with a Data Integrity proof) or jwt.")]
    public ObApiForm Form { get; set; } = ObApiForm.Json;

    /// <summary>An access token that does not change; null when one is asked for at <see cref="TokenUrl"/>.</summary>
    [Setting("token", "An access token with the scope credential.upsert; or give token_url, client_id and client_secret.", Example = "env:OB_HOST_TOKEN")]
    public Secret? Token { get; set; }

    /// <summary>Last day of <see cref="Token"/>; null when unknown.</summary>
    [Setting("token_expires", "Last day on which the access token or the refresh token is good; check counts the days down.", Example = "2027-01-31")]
    public DateOnly? TokenExpires { get; set; }

    /// <summary>Where tokens are asked for; null with a <see cref="Token"/>.</summary>
    [Setting("token_url", "The host's token address, from its discovery document.", Example = "https://wallet.example.org/oauth/token")]
    public Uri? TokenUrl { get; set; }

    /// <summary>Client id from registration.</summary>
    [Setting("client_id", "Client id that the host gave at registration.", Example = "env:OB_HOST_CLIENT_ID")]
    public Secret? ClientId { get; set; }

    /// <summary>Client secret from registration.</summary>
    [Setting("client_secret", "Client secret that the host gave at registration.", Example = "env:OB_HOST_CLIENT_SECRET")]
    public Secret? ClientSecret { get; set; }

    /// <summary>A refresh token; null for client credentials.</summary>
    [Setting("refresh_token", "Refresh token of somebody who consented; without it client credentials are used, which not every host offers.", Example = "env:OB_HOST_REFRESH_TOKEN")]
    public Secret? RefreshToken { get; set; }

    /// <summary>Most calls a minute. 1 to 3000, default 300.</summary>
    [Setting("calls_per_minute", "Most calls a minute of one process.")]
    [Range(1, 3000)]
    public int CallsPerMinute { get; set; } = 300;
}

/// <summary>In which form a credential is handed over.</summary>
public enum ObApiForm
{
    /// <summary>JSON with an embedded proof.</summary>
    Json,

    /// <summary>A compact JWS.</summary>
    Jwt,
}
