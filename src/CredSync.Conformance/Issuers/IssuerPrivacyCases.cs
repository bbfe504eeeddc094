using System.Net;
using System.Text;
using System.Text.Json;
using CredSync.Conformance.Http;
using CredSync.Issuers;
using static CredSync.Conformance.Issuers.IssuerConformance;
using static CredSync.Conformance.Requirement;

namespace CredSync.Conformance.Issuers;

/// <summary>What must not leak.</summary>
internal static class IssuerPrivacyCases
{
    private static readonly HttpStatusCode[] Tried =
    [
        HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
        HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity, HttpStatusCode.InternalServerError,
    ];

    public static IEnumerable<ConformanceCase> For(IssuerUnderTest issuer)
    {
        yield return new("no secret and no person is in an address", "Access logs keep addresses.", ct => AddressesAsync(issuer, ct));
        yield return new("no personal data and no secret is in a fault", "Faults are shown on screens and kept in logs.", ct => FaultsAsync(issuer, ct));
    }

    private static async Task AddressesAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        FlakyHandler watching = new(issuer.Platform().Handler);
        ICredentialIssuer mint = issuer.Create(watching);
        await mint.IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        if (mint is ICredentialLookup lookup)
        {
            await lookup.FindAsync(issuer.Request, ct).ConfigureAwait(false);
        }

        Told(issuer, string.Join('\n', watching.Addresses.SelectMany(address => (string[])[address, Uri.UnescapeDataString(address), WebUtility.UrlDecode(address)])), "the address of a request");
    }

    private static async Task FaultsAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        string leak = $"{string.Join(' ', issuer.Secrets)} {issuer.Request.Recipient.Name} {issuer.Request.Recipient.Email}";
        string echo = JsonSerializer.Serialize(new
        {
            message = leak,
            error = leak,
            errors = new object[] { new { attribute = leak, messages = new[] { leak } } },
            data = new { message = leak, errors = new object[] { new { attribute = leak, messages = new[] { leak } } } },
            status = new { success = false, description = leak },
            fieldErrors = new Dictionary<string, string[]> { [leak] = [leak] },
            validationErrors = new[] { leak },
            imsx_description = leak,
        });
        int requests = await CountAsync(issuer, ct).ConfigureAwait(false);
        foreach (HttpStatusCode status in Tried)
        {
            for (int from = 0; from < requests; from++)
            {
                FlakyHandler broken = new(issuer.Platform().Handler, from, _ => new(status) { Content = new StringContent(echo, Encoding.UTF8, "application/json") });
                Exception? fault = await FaultOfAsync(issuer.Create(broken), issuer.Request, ct).ConfigureAwait(false);
                Told(issuer, fault?.ToString() ?? "", $"the fault for HTTP {(int)status}");
            }
        }
    }

    /// <summary>How many requests an issue makes.</summary>
    private static async Task<int> CountAsync(IssuerUnderTest issuer, CancellationToken ct)
    {
        FlakyHandler counting = new(issuer.Platform().Handler);
        await issuer.Create(counting).IssueAsync(issuer.Request, ct).ConfigureAwait(false);
        return counting.Sent;
    }

    private static void Told(IssuerUnderTest issuer, string text, string where)
    {
        Require(!issuer.Secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)), $"A secret is in {where}.");
        Require(!text.Contains(issuer.Request.Recipient.Email!, StringComparison.OrdinalIgnoreCase), $"The recipient's address is in {where}.");
        Require(!text.Contains(issuer.Request.Recipient.Name!, StringComparison.OrdinalIgnoreCase), $"The recipient's name is in {where}.");
    }
}
