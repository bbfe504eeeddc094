using System.Net;
using System.Net.Http.Headers;
using System.Web;
using CredSync.Sandbox;
using Microsoft.AspNetCore.Http;

namespace CredSync.Adapters.Tests.Issuers;

/// <summary>A play platform without a network in between. Faults of the platform's knobs are not played; the kit brings its own.</summary>
internal sealed class PlayHandler : HttpMessageHandler
{
    private readonly PlayPlatform platform;

    public PlayHandler(PlayPlatform platform, TimeProvider? time = null)
    {
        this.platform = platform;
        platform.Serve(new Uri("https://play.example.org/"), time ?? TimeProvider.System);
    }

    /// <summary>Where requests to the platform go.</summary>
    public static Uri AddressOf(string prefix) => new($"https://play.example.org/{prefix}/");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HeaderDictionary headers = [];
        foreach ((string name, IEnumerable<string> values) in request.Headers)
        {
            headers.Append(name, values.ToArray());
        }

        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        bool form = request.Content?.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded";
        if (request.Content?.Headers.ContentType is { } type)
        {
            ((IHeaderDictionary)headers).ContentType = type.ToString();
        }

        string path = request.RequestUri!.AbsolutePath;
        PlayAnswer answer = platform.Answer(
            new PlayRequest
            {
                Method = request.Method.Method,
                Path = Uri.UnescapeDataString(path[(platform.Prefix.Length + 1)..]) is { Length: > 0 } rest ? rest : "/",
                Parameters = [.. Parse(request.RequestUri.Query), .. form ? Parse(body) : []],
                Headers = headers,
                Body = form ? "" : body,
                From = IPAddress.Loopback,
            },
            fault: null);
        HttpResponseMessage response = new((HttpStatusCode)answer.Status) { Content = new ReadOnlyMemoryContent(answer.Body) };
        response.Headers.Date = platform.Time.GetUtcNow();
        response.Content.Headers.ContentType = answer.ContentType is { } media ? MediaTypeHeaderValue.Parse(media) : null;
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private static IEnumerable<KeyValuePair<string, string>> Parse(string query)
    {
        System.Collections.Specialized.NameValueCollection pairs = HttpUtility.ParseQueryString(query);
        return pairs.AllKeys.OfType<string>().Select(key => KeyValuePair.Create(key, pairs[key] ?? ""));
    }
}
