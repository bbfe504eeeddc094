using CredSync.Adapters.Tests.Issuers.OpenBadges;
using CredSync.Issuers;

namespace CredSync.Adapters.Tests.Issuers;

/// <summary>Requests to remote issuers.</summary>
internal static class RemoteRequests
{
    /// <summary>The complete request with a template.</summary>
    public static IssuanceRequest For(string template) => Requests.Full with { Credential = Requests.Full.Credential with { Template = template } };

    /// <summary>A secret that is there.</summary>
    public static Secret Secret(string value) => new("env:PLAY", () => value);
}
