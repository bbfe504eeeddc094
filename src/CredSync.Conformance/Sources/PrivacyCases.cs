using System.Net;
using System.Text;
using CredSync.Conformance.Http;
using static CredSync.Conformance.Requirement;
using static CredSync.Conformance.Sources.SourceConformance;

namespace CredSync.Conformance.Sources;

/// <summary>What must not leak.</summary>
internal static class PrivacyCases
{
    private const string Person = "ada.moreno@example.org";

    public static IEnumerable<ConformanceCase> For(SourceUnderTest source)
    {
        yield return new("no secret is in an address", "Access logs keep addresses.", ct => AddressesAsync(source, ct));
        yield return new("no secret and no body is in a fault", "Faults are shown on screens and kept in logs.", ct => FaultsAsync(source, ct));
        yield return new("no secret is in what is yielded", "Cursors and set-aside records are stored and shown.", ct => YieldedAsync(source, ct));
    }

    private static async Task AddressesAsync(SourceUnderTest source, CancellationToken ct)
    {
        FlakyHandler watching = new(source.Platform());
        await new Readings().ReadAsync(source.Create(watching), ct).ConfigureAwait(false);
        Judgements.NoSecretInAddresses(source.Secrets, watching.Addresses);
    }

    private static async Task FaultsAsync(SourceUnderTest source, CancellationToken ct)
    {
        string echo = $"{{\"exception\":\"x\",\"errorcode\":\"{string.Join(' ', source.Secrets)} {Person}\",\"error\":\"{string.Join(' ', source.Secrets)} {Person}\",\"message\":\"{Person}\"}}";
        foreach (HttpStatusCode status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError])
        {
            Exception? fault = await new Readings().ReadFaultAsync(
                source.Create(new FlakyHandler(source.Platform(), 0, _ => new(status) { Content = new StringContent(echo, Encoding.UTF8, "application/json") })), ct).ConfigureAwait(false);
            string told = fault?.ToString() ?? "";
            Require(!source.Secrets.Any(secret => Holds(told, secret)), $"The fault for HTTP {(int)status} tells a secret.");
            Require(!Holds(told, Person), $"The fault for HTTP {(int)status} tells what the body of the answer held.");
        }
    }

    private static async Task YieldedAsync(SourceUnderTest source, CancellationToken ct) =>
        Judgements.NoSecretYielded(source.Secrets, (await ReadAllAsync(source, ct).ConfigureAwait(false)).Pages);

    private static bool Holds(string text, string secret) => secret.Length > 0 && text.Contains(secret, StringComparison.Ordinal);
}
