using System.Security.Cryptography;
using CredSync.Host.Issue;
using CredSync.Host.Operations.Wallets;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Issuers;
using Microsoft.AspNetCore.Http;

namespace CredSync.Host.Operations.Public;

/// <summary>Answers requests at the public addresses of issuers with what is kept in the issue side's database; which issuer is meant, host and path say.</summary>
internal sealed class PublicDocuments(IssuerRegistry issuers, IIssuerStore store, WalletDoor wallets, ActiveConfiguration active, TimeProvider time)
{
    /// <summary>The largest body that is read.</summary>
    public const int LargestBody = 1024 * 1024;

    /// <summary>Whether any issuer has a public address.</summary>
    public bool Any => issuers.All.Any(i => i.Value is IDocumentPublisher { Address: not null });

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        IHeaderDictionary headers = http.Response.Headers;

        // Wallets and verifiers run in browsers too, and everything here is public or needs a token that is no cookie.
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Link, X-Total-Count, WWW-Authenticate, Location";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, OPTIONS";
            headers.AccessControlAllowHeaders = "Accept, Authorization, Content-Type";
            headers.AccessControlMaxAge = "86400";
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        try
        {
            if (await ReadAsync(http.Request).ConfigureAwait(false) is not { } request)
            {
                await SayAsync(http, StatusCodes.Status413PayloadTooLarge, "That is more than one megabyte.").ConfigureAwait(false);
                return;
            }

            foreach ((string name, IDocumentPublisher publisher, string path) in Candidates(http.Request))
            {
                if (wallets.IsFor(path))
                {
                    var call = new WalletCall(request with { Path = path }, name, publisher.Address!.AbsoluteUri.TrimEnd('/'));
                    await WriteAsync(http, await wallets.AnswerAsync(call, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
                    return;
                }

                if (await publisher.AnswerAsync(request with { Path = path }, new IssuerRecords(name, store, active), http.RequestAborted).ConfigureAwait(false) is { } answer)
                {
                    await WriteAsync(http, answer).ConfigureAwait(false);
                    return;
                }
            }

            await SayAsync(http, StatusCodes.Status404NotFound, "There is nothing at this address.").ConfigureAwait(false);
        }
        catch (StorageException)
        {
            headers.RetryAfter = "10";
            await SayAsync(http, StatusCodes.Status503ServiceUnavailable, "What is kept here cannot be read at the moment; try again soon.").ConfigureAwait(false);
        }
    }

    // The issuer whose address has this host; behind a proxy that does not pass the host on, all whose path fits. The longest path goes first.
    private IEnumerable<(string Name, IDocumentPublisher Publisher, string Path)> Candidates(HttpRequest request)
    {
        List<(string Name, IDocumentPublisher Publisher, string Path)> fitting =
        [
            .. issuers.All.Where(i => i.Value is IDocumentPublisher { Address: not null })
                .Select(i => (i.Key, Publisher: (IDocumentPublisher)i.Value, Prefix: ((IDocumentPublisher)i.Value).Address!.AbsolutePath.TrimEnd('/')))
                .Where(i => request.Path.StartsWithSegments(i.Prefix, StringComparison.Ordinal))
                .OrderByDescending(i => i.Prefix.Length).ThenBy(i => i.Key, StringComparer.Ordinal)
                .Select(i => (i.Key, i.Publisher, Path: request.Path.Value![i.Prefix.Length..] is { Length: > 0 } path ? path : "/")),
        ];
        return fitting.Exists(f => SameHost(f.Publisher, request)) ? fitting.Where(f => SameHost(f.Publisher, request)) : fitting;
    }

    private static bool SameHost(IDocumentPublisher publisher, HttpRequest request) => string.Equals(publisher.Address!.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private async Task<PublicRequest?> ReadAsync(HttpRequest request)
    {
        ReadOnlyMemory<byte> body = ReadOnlyMemory<byte>.Empty;
        if (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method))
        {
            using var buffer = new MemoryStream();
            byte[] part = new byte[16 * 1024];
            for (int read = await request.Body.ReadAsync(part, request.HttpContext.RequestAborted).ConfigureAwait(false); read > 0; read = await request.Body.ReadAsync(part, request.HttpContext.RequestAborted).ConfigureAwait(false))
            {
                if (buffer.Length + read > LargestBody)
                {
                    return null;
                }

                buffer.Write(part, 0, read);
            }

            body = buffer.ToArray();
        }

        return new PublicRequest
        {
            Method = HttpMethods.IsHead(request.Method) ? "GET" : request.Method.ToUpperInvariant(),
            Path = "/",
            Query = request.Query.ToDictionary(q => q.Key, q => q.Value.LastOrDefault() ?? "", StringComparer.Ordinal),
            Headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = body,
            At = time.GetUtcNow(),
        };
    }

    private static async Task WriteAsync(HttpContext http, PublicAnswer answer)
    {
        HttpResponse response = http.Response;
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers.CacheControl = answer.MaxAge is { } age ? $"public, max-age={(long)age.TotalSeconds}" : "no-store";
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(answer.Content.Span))[..32]}\"";
        if (answer is { Status: StatusCodes.Status200OK, MaxAge: not null })
        {
            response.Headers.ETag = tag;
            if (http.Request.Headers.IfNoneMatch is { Count: > 0 } known && known.Any(k => k?.Contains(tag, StringComparison.Ordinal) == true))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.StatusCode = answer.Status;
        response.ContentType = answer.MediaType;
        response.ContentLength = answer.Content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(answer.Content, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static Task SayAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsync(sentence + "\n", http.RequestAborted);
    }
}
