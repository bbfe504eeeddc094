using CredSync.Issuers;

namespace CredSync.Conformance.Issuers;

/// <summary>What every issuer adapter must hold (contract: <see cref="ICredentialIssuer"/>), as a list of cases.</summary>
/// <example>
/// With xunit:
/// <code>
/// public static TheoryData&lt;ConformanceCase&gt; Cases => new(IssuerConformance.For(MyIssuer));
/// [Theory, MemberData(nameof(Cases))]
/// public Task Conforms(ConformanceCase c) => c.RunAsync(TestContext.Current.CancellationToken);
/// </code>
/// </example>
public static class IssuerConformance
{
    /// <summary>The cases for an issuer.</summary>
    /// <param name="issuer">The issuer and the remote side that it mints at.</param>
    /// <exception cref="ArgumentException">The request lacks a name or an e-mail address, so that leaking them could not be seen.</exception>
    public static IReadOnlyList<ConformanceCase> For(IssuerUnderTest issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        if (string.IsNullOrWhiteSpace(issuer.Request.Recipient.Name) || string.IsNullOrWhiteSpace(issuer.Request.Recipient.Email))
        {
            throw new ArgumentException("The request must name its recipient and their address.", nameof(issuer));
        }

        List<ConformanceCase> cases = [.. MintingCases.For(issuer), .. OptionsCases.For(issuer.OptionsType)];
        if (issuer.SpeaksHttp)
        {
            cases.AddRange(DoubtCases.For(issuer));
            cases.AddRange(IssuerFaultCases.For(issuer));
            cases.AddRange(IssuerPrivacyCases.For(issuer));
        }

        return cases;
    }

    /// <summary>Does what the host does with an issuance whose first attempt began and has no known end.</summary>
    internal static async Task<IssuedCredential> SettleAsync(ICredentialIssuer issuer, IssuanceRequest request, CancellationToken ct) =>
        !issuer.Capabilities.RepeatsSafely && issuer is ICredentialLookup lookup && await lookup.FindAsync(request, ct).ConfigureAwait(false) is { } found
            ? found
            : await issuer.IssueAsync(request, ct).ConfigureAwait(false);

    /// <summary>Mints and returns the fault instead of throwing it; null when it minted.</summary>
    internal static async Task<Exception?> FaultOfAsync(ICredentialIssuer issuer, IssuanceRequest request, CancellationToken ct)
    {
        try
        {
            await issuer.IssueAsync(request, ct).ConfigureAwait(false);
            return null;
        }
        catch (Exception fault) when (fault is not ConformanceException && !ct.IsCancellationRequested)
        {
            return fault;
        }
    }

    /// <summary>The same award to somebody else.</summary>
    internal static IssuanceRequest ForAnother(IssuanceRequest request) => request with
    {
        IssuanceId = NameBasedUuid.Create(request.IssuanceId, "another"),
        Recipient = new()
        {
            SubjectId = NameBasedUuid.Create(request.Recipient.SubjectId, "another"),
            Name = "Somebody Else",
            Email = "somebody.else@example.org",
        },
    };
}
