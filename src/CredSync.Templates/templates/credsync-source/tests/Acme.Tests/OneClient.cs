namespace Acme.Tests;

/// <summary>Hands out clients whose requests go to the kit instead of the network.</summary>
internal sealed class OneClient(HttpMessageHandler platform) : IHttpClientFactory
{
    public HttpClient CreateClient(string name) => new(platform, disposeHandler: false);
}
