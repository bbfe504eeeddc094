using System.ComponentModel.DataAnnotations;

namespace CredSync.Host.Operations.Public;

/// <summary>
/// Where credentials, keys and status lists can be fetched by anybody; section <c>Public</c> of appsettings.json. Only used by the operations role, and only when an issuer has a public address.
/// </summary>
public sealed class PublicOptions
{
    /// <summary>Address to listen on, without encryption: a reverse proxy in front brings HTTPS. Port 0 takes a free one. Default <c>http://127.0.0.1:8087</c>: this machine only.</summary>
    [Required]
    public string Address { get; set; } = "http://127.0.0.1:8087";
}
