using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>One way in which a source can be broken.</summary>
public enum Defect
{
    None,
    LosesOne,
    CallsWhatChangedWhole,
    DatesByReading,
    KeepsMarkup,
    LocalTimes,
    IgnoresCancellation,
    FailsOnOneOddRecord,
    RemembersItsPlace,
    CursorStays,
    MakesNews,
    TakesAnyCursor,
    RefusesOldCursors,
    RefusedTokenAsOutage,
    SwallowsServerErrors,
    RawConnectionFault,
    ReadsWebPagesAsEmpty,
    RawJsonFault,
    ForgetsTheDelay,
    CheckThrows,
    FollowsRepeatedPages,
    TokenInTheAddress,
    QuotesBodies,
    TokenInTheCursor,
    CountsDeliveries,
    KeysDeliveriesApart,
    TrustsAnyShape,
}

internal sealed class KitOptions
{
    [Setting("size", "How many rows a page.")]
    public int Size { get; set; } = 2;
}

internal sealed class UndescribedOptions
{
    public int Size { get; set; } = 2;
}

internal sealed class RefusedDefaultOptions
{
    [Setting("size", "How many rows a page.")]
    [System.ComponentModel.DataAnnotations.Range(1, 10)]
    public int Size { get; set; }
}

/// <summary>A plain source that holds every case, but for the one defect that it is given.</summary>
internal sealed class KitSource(HttpMessageHandler platform, Defect defect) : ICompletionSource, IWebhookSource, ICheckable
{
    private static int readings;
    private static int deliveries;

    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        int reading = Interlocked.Increment(ref readings);
        bool resumed = read.Since is not null;
        int from = Place(read.Since?.Value);
        if (defect == Defect.RemembersItsPlace && resumed && from < 5)
        {
            from++;
        }

        bool more = true;
        while (more)
        {
            JsonElement? answer = await GetAsync(from, ct);
            if (answer is not { } page)
            {
                yield break;
            }

            List<Completion> completions = [];
            List<UnreadableRecord> aside = [];
            foreach (JsonElement item in page.GetProperty("items").EnumerateArray())
            {
                if (!item.TryGetProperty("at", out JsonElement at))
                {
                    aside.Add(defect == Defect.FailsOnOneOddRecord
                        ? throw new SourceException(FaultKind.Broken, "A record has no time.")
                        : new UnreadableRecord("odd", "without-time", "The record has no time."));
                }
                else if (defect != Defect.LosesOne || item.GetProperty("id").GetString() != "k3")
                {
                    completions.Add(Map(item.GetProperty("id").GetString()!, at.GetDateTimeOffset(), reading));
                }
            }

            if (page.GetProperty("from").GetInt32() != from && defect != Defect.FollowsRepeatedPages)
            {
                throw new SourceException(FaultKind.Broken, "The paging does not advance.");
            }

            more = page.GetProperty("more").GetBoolean();
            int before = from;
            from = Math.Min(from + 2, more ? int.MaxValue : before + completions.Count + aside.Count);
            if (completions.Count == 0 && aside.Count == 0)
            {
                if (defect == Defect.CallsWhatChangedWhole && resumed)
                {
                    yield return new SourcePage { Completions = [], BeginsWhole = true, EndsWhole = true, Next = At(from + 1) };
                }

                if (defect == Defect.MakesNews && resumed)
                {
                    yield return new SourcePage { Completions = [Map("news", new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), reading)], Next = At(from + 1) };
                }

                yield break;
            }

            yield return new SourcePage { Completions = completions, Unreadable = aside, Next = At(!more && defect == Defect.CursorStays ? before : from) };
        }
    }

    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            await GetAsync(0, ct);
            return [new("token", CheckOutcome.Passed, "Accepted.")];
        }
        catch (SourceException fault) when (defect != Defect.CheckThrows)
        {
            return [new("token", CheckOutcome.Failed, fault.Message, "Renew it.")];
        }
    }

    public WebhookReceipt Look(WebhookDelivery delivery) => Told(delivery) is null ? WebhookReceipt.Refuse("It tells of no completion.") : WebhookReceipt.Taken;

    public Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct)
    {
        (string id, DateTimeOffset at) = Told(delivery)!.Value;
        Completion told = Map(defect == Defect.KeysDeliveriesApart ? "hook-" + id : id, at, reading: 0);
        return Task.FromResult(new WebhookReading { Completions = [defect == Defect.CountsDeliveries ? told with { PersonName = $"Delivery {Interlocked.Increment(ref deliveries)}" } : told] });
    }

    private (string Id, DateTimeOffset At)? Told(WebhookDelivery delivery)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        if (defect == Defect.TrustsAnyShape)
        {
            return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("at").GetDateTimeOffset());
        }

        return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String
            && root.TryGetProperty("at", out JsonElement at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out DateTimeOffset time)
            ? (id.GetString()!, time)
            : null;
    }

    private Cursor At(int from) => new(string.Create(CultureInfo.InvariantCulture, $"v1:{from}{(defect == Defect.TokenInTheCursor ? ":" + KitPlatform.Token : "")}"));

    private int Place(string? cursor)
    {
        string[] parts = (cursor ?? "v1:0").Split(':');
        bool old = parts[0] == "v0" && defect != Defect.RefusesOldCursors;
        if ((parts[0] == "v1" || old) && parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int from))
        {
            return from;
        }

        return defect == Defect.TakesAnyCursor && parts[0] != "v0" ? 0 : throw new SourceException(FaultKind.Misconfigured, "The cursor is not of this source.");
    }

    private Completion Map(string id, DateTimeOffset at, int reading) => new()
    {
        Key = new CompletionKey("kit", id),
        Identifiers = [new(IdentifierKinds.LmsUserId, "p-" + id)],
        Course = new Course { Key = "c1", Title = defect == Defect.KeepsMarkup ? "R&amp;D" : "R&D" },
        Status = CompletionStatus.Completed,
        CompletedAt = defect switch
        {
            Defect.DatesByReading => at.AddSeconds(reading % 50),
            Defect.LocalTimes => at.ToOffset(TimeSpan.FromHours(2)),
            _ => at,
        },
        CompletedAtPrecision = TimePrecision.Instant,
    };

    private async Task<JsonElement?> GetAsync(int from, CancellationToken ct)
    {
        using HttpClient client = new(platform, disposeHandler: false);
        string token = defect == Defect.TokenInTheAddress ? "&token=" + KitPlatform.Token : "";
        using HttpRequestMessage request = new(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"https://kit.example.org/items?from={from}{token}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", KitPlatform.Token);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, ct);
            string body = await answer.Content.ReadAsStringAsync(ct);
            return answer.IsSuccessStatusCode ? Parse(body) : Refused(answer, body);
        }
        catch (HttpRequestException) when (defect != Defect.RawConnectionFault)
        {
            throw new SourceException(FaultKind.Outage, "The platform cannot be reached.");
        }
        catch (OperationCanceledException) when (defect == Defect.IgnoresCancellation)
        {
            return null;
        }
    }

    private JsonElement? Parse(string body)
    {
        if (body.StartsWith('<'))
        {
            return defect == Defect.ReadsWebPagesAsEmpty ? null : throw new SourceException(FaultKind.Broken, "A web page instead of data.");
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("items", out _) ? json.RootElement.Clone() : throw new SourceException(FaultKind.Broken, "Not the platform's shape.");
        }
        catch (JsonException) when (defect != Defect.RawJsonFault)
        {
            throw new SourceException(FaultKind.Broken, "The JSON is cut off.");
        }
    }

    private JsonElement? Refused(HttpResponseMessage answer, string body) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized => throw new SourceException(defect == Defect.RefusedTokenAsOutage ? FaultKind.Outage : FaultKind.Unauthorized, "The token is refused."),
        HttpStatusCode.TooManyRequests => throw new SourceException(FaultKind.RateLimited, "Too many calls.", defect == Defect.ForgetsTheDelay ? null : answer.Headers.RetryAfter?.Delta),
        >= HttpStatusCode.InternalServerError => defect == Defect.SwallowsServerErrors ? null : throw new SourceException(FaultKind.Outage, "The platform is unwell."),
        _ => throw new SourceException(FaultKind.Broken, defect == Defect.QuotesBodies ? "Refused: " + body : "Refused."),
    };
}
