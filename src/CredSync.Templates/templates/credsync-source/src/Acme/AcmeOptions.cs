using System.ComponentModel.DataAnnotations;
using CredSync;
using CredSync.Registration;

namespace Acme;

/// <summary>Settings of the Acme source. Lint, the JSON Schema and the parser all read these descriptions.</summary>
public sealed class AcmeOptions
{
    /// <summary>Address of the service. Required.</summary>
    [Setting("address", "Address of the service.", Required = true, Example = "https://acme.example.org/api")]
    public Uri? Address { get; set; }

    /// <summary>Token with the right to read. Required.</summary>
    [Setting("token", "Token with the right to read.", Required = true, Example = "env:ACME_TOKEN")]
    public Secret? Token { get; set; }

    /// <summary>Completions a page, 1 to 100, default 50.</summary>
    [Setting("page_size", "Completions a page.")]
    [Range(1, 100)]
    public int PageSize { get; set; } = 50;
}
