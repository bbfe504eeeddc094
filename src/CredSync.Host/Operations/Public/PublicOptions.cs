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

    /// <summary>Whether learners' wallets may collect here (the Open Badges 3.0 host interface, <c>/ims/ob/v3p0</c>). Nobody can without a code from <c>credsync claim</c>. Default true.</summary>
    public bool Wallets { get; set; } = true;

    /// <summary>Whether wallets may also hand in a learner's credentials from elsewhere (upsertCredential). Default true.</summary>
    public bool WalletUploads { get; set; } = true;

    /// <summary>Page with the terms of service that wallets show to learners; null for the issuer's own page.</summary>
    public Uri? TermsOfService { get; set; }

    /// <summary>Page with the privacy policy that wallets show to learners; null for the issuer's own page.</summary>
    public Uri? PrivacyPolicy { get; set; }
}
