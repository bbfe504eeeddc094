using CredSync;
using CredSync.Registration;

namespace Acme;

/// <summary>Settings of the Acme issuer. Lint, the JSON Schema and the parser all read these descriptions.</summary>
public sealed class AcmeOptions
{
    /// <summary>Address of the service. Required.</summary>
    [Setting("address", "Address of the service.", Required = true, Example = "https://acme.example.org/api")]
    public Uri? Address { get; set; }

    /// <summary>Token with the right to award. Required.</summary>
    [Setting("token", "Token with the right to award.", Required = true, Example = "env:ACME_TOKEN")]
    public Secret? Token { get; set; }
}
