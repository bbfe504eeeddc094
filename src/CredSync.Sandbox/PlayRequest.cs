using System.Net;
using Microsoft.AspNetCore.Http;

namespace CredSync.Sandbox;

/// <summary>A request as a play platform sees it: read in full, its path without the platform's prefix.</summary>
internal sealed record PlayRequest
{
    public required string Method { get; init; }

    /// <summary>Begins with a slash.</summary>
    public required string Path { get; init; }

    /// <summary>Query and form parameters in this order; the name as sent, decoded.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    public required string Body { get; init; }

    public required IPAddress From { get; init; }

    /// <summary>The last value sent under a name; null when it was not sent.</summary>
    public string? this[string name]
    {
        get
        {
            for (int i = Parameters.Count - 1; i >= 0; i--)
            {
                if (Parameters[i].Key == name)
                {
                    return Parameters[i].Value;
                }
            }

            return null;
        }
    }

    public static async Task<PlayRequest> ReadAsync(HttpContext context, string path, CancellationToken ct)
    {
        HttpRequest request = context.Request;
        List<KeyValuePair<string, string>> parameters = [];
        Append(request.Query.SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")));
        string body = "";
        if (request.HasFormContentType)
        {
            IFormCollection form = await request.ReadFormAsync(ct);
            Append(form.SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")));
        }
        else if (request.ContentLength is not 0 && !HttpMethods.IsGet(request.Method))
        {
            using StreamReader reader = new(request.Body);
            body = await reader.ReadToEndAsync(ct);
        }

        return new PlayRequest
        {
            Method = request.Method,
            Path = path,
            Parameters = parameters,
            Headers = request.Headers,
            Body = body,
            From = context.Connection.RemoteIpAddress ?? IPAddress.Loopback,
        };

        void Append(IEnumerable<KeyValuePair<string, string>> pairs) => parameters.AddRange(pairs);
    }
}
