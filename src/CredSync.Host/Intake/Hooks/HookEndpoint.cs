using System.Buffers;
using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Sources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Answers <c>/hooks/SOURCE</c>: reads the body within its limit, lets the door decide, stores, and only then says yes. Nothing is worked on here.</summary>
internal sealed class HookEndpoint(ActiveConfiguration active, SourceRegistry sources, HookDoor door, DeliveryRate rate, DeliveryStore store, TimeProvider time, ILogger<HookEndpoint> logger)
{
    private const string Prefix = "/hooks/";
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(10);
    private readonly RefusalLog refusals = new(time, logger);

    public async Task HandleAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        string rest = path[Prefix.Length..].TrimEnd('/');
        int end = rest.IndexOf('/', StringComparison.Ordinal);
        string name = end < 0 ? rest : rest[..end];
        if (active.Current.Sources.FirstOrDefault(s => s.Name == name) is not { Webhook: { } webhook } || sources.All.GetValueOrDefault(name) is not IWebhookSource adapter)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        HookVerdict verdict = await ReadAsync(http.Request, webhook.LargestKib * 1024, http.RequestAborted).ConfigureAwait(false) is { } body
            ? await TakeAsync(name, webhook, adapter, Request(http.Request, end < 0 ? "" : rest[(end + 1)..], body), http).ConfigureAwait(false)
            : HookVerdict.Refuse(413, "too-large");
        if (verdict.Refused is { } word)
        {
            refusals.Add(name, verdict.Status, word);
        }

        await AnswerAsync(http.Response, verdict, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<HookVerdict> TakeAsync(string name, WebhookDefinition webhook, IWebhookSource adapter, HookRequest request, HttpContext http)
    {
        try
        {
            HookVerdict verdict = door.Decide(name, webhook, adapter, request, time.GetUtcNow());
            if (verdict.Row is null)
            {
                return verdict;
            }

            if (!rate.TryTake(name, webhook.PerSecond))
            {
                http.Response.Headers.RetryAfter = "1";
                return HookVerdict.Refuse(429, "too-many");
            }

            await store.StoreAsync(verdict.Row, http.RequestAborted).WaitAsync(StorePatience, time, http.RequestAborted).ConfigureAwait(false);
            return verdict;
        }
        catch (Exception e) when (e is StorageException or TimeoutException or InvalidOperationException)
        {
            // A secret that cannot be read, or a ledger that is away: ours to mend, so the sender is asked to come again.
            Log.HookUnavailable(logger, name, e.Message);
            http.Response.Headers.RetryAfter = "5";
            return HookVerdict.Refuse(503, "unavailable");
        }
    }

    private static HookRequest Request(HttpRequest request, string rest, ReadOnlyMemory<byte> body) => new()
    {
        Method = request.Method,
        Rest = rest,
        Query = request.QueryString.Value ?? "",
        Header = name => request.Headers.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values) ? values.ToString() : null,
        Body = body,
    };

    /// <summary>The body; null when it is larger than allowed.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int largest, CancellationToken ct)
    {
        if (request.ContentLength > largest)
        {
            return null;
        }

        var body = new ArrayBufferWriter<byte>((int)(request.ContentLength is > 0 ? request.ContentLength : 4096));
        while (true)
        {
            int read = await request.Body.ReadAsync(body.GetMemory(4096), ct).ConfigureAwait(false);
            body.Advance(read);
            if (body.WrittenCount > largest)
            {
                return null;
            }

            if (read == 0)
            {
                return body.WrittenMemory;
            }
        }
    }

    private static async Task AnswerAsync(HttpResponse response, HookVerdict verdict, CancellationToken ct)
    {
        response.StatusCode = verdict.Status;
        if (verdict.Status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = "POST, PUT";
        }

        if (verdict.Json is { } json)
        {
            response.ContentType = "application/json";
            response.Headers.CacheControl = "no-store";
            await response.WriteAsync(json, ct).ConfigureAwait(false);
        }
    }
}
