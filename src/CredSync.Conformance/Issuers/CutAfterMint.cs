namespace CredSync.Conformance.Issuers;

/// <summary>Lets everything pass, but the answer to the request that mints is lost; if wanted nothing is answered after it either.</summary>
internal sealed class CutAfterMint(IssuerPlatform platform, bool andAfter) : DelegatingHandler(platform.Handler)
{
    private bool cut;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (cut)
        {
            return andAfter ? throw Lost() : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        int before = platform.Minted();
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (platform.Minted() == before)
        {
            return answer;
        }

        answer.Dispose();
        cut = true;
        throw Lost();
    }

    private static HttpRequestException Lost() => new(HttpRequestError.ResponseEnded);
}
