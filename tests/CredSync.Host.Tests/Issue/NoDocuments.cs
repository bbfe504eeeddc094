using CredSync.Host.Issue;
using CredSync.Host.RuleBooks;
using CredSync.Issuers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Tests.Issue;

/// <summary>Publishing for issuers that publish nothing, or for those given.</summary>
internal static class NoDocuments
{
    public static DocumentPublishing Publishing => Of(new Dictionary<string, ICredentialIssuer>(), null!);

    public static DocumentPublishing Of(IReadOnlyDictionary<string, ICredentialIssuer> issuers, IIssuerStore store) =>
        new(store, new IssuerRegistry(issuers), new ActiveConfiguration(null!), Options.Create(new IssueOptions()), TimeProvider.System, NullLogger<DocumentPublishing>.Instance);
}
