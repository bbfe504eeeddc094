using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CredSync.Sandbox.Faults;

/// <summary>Answers a request for a platform, with the fault that hits it.</summary>
internal static class FaultPlayer
{
    private const string Html = "text/html; charset=utf-8";

    public static async Task PlayAsync(HttpContext context, PlayPlatform platform, PlayRequest request, CancellationToken ct)
    {
        ActiveFault? active = platform.Faults.Pick(platform.OperationOf(request));
        PlayFault? fault = active?.Fault;
        switch (fault?.Kind)
        {
            case PlayFaultKind.CutConnection:
                context.Abort();
                return;
            case PlayFaultKind.Slow:
                await (fault.Delay is { } delay
                    ? Task.WhenAny(Task.Delay(delay, platform.Time, ct), active!.Released)
                    : active!.Released.WaitAsync(ct));
                break;
        }

        PlayAnswer answer = fault?.Kind switch
        {
            PlayFaultKind.TooManyRequests => Refusal(429, fault, "Too many requests"),
            PlayFaultKind.Unavailable => Refusal(503, fault, "Service unavailable"),
            PlayFaultKind.EmptyForbidden => new PlayAnswer { Status = 403, ContentType = Html },
            PlayFaultKind.LoginPage => new PlayAnswer { Status = 200, ContentType = Html, Body = Page("Log in to the site") },
            PlayFaultKind.Truncated => Cut(platform.Answer(request, null)),
            PlayFaultKind.ErrorAfterEffect => Broken(platform.Answer(request, null)),
            _ => platform.Answer(request, fault),
        };
        if (fault?.Kind == PlayFaultKind.SilentAfterEffect)
        {
            await Task.WhenAny(active!.Released, Task.Delay(Timeout.InfiniteTimeSpan, platform.Time, ct));
            context.Abort();
            return;
        }

        if (fault?.Kind == PlayFaultKind.CutMidAnswer)
        {
            await SandboxServer.SendAsync(context, answer, ct, bytes: answer.Body.Length / 2);
            context.Abort();
            return;
        }

        await SandboxServer.SendAsync(context, answer, ct);
    }

    private static PlayAnswer Refusal(int status, PlayFault fault, string title)
    {
        string? after = fault.RetryAfter is { } wait
            ? ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture)
            : fault.RetryAt?.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);
        return new PlayAnswer
        {
            Status = status,
            ContentType = Html,
            Body = Page(title),
            Headers = after is null ? [] : [KeyValuePair.Create("Retry-After", after)],
        };
    }

    private static PlayAnswer Cut(PlayAnswer answer) => answer with { Body = answer.Body[..(answer.Body.Length / 2)] };

    private static PlayAnswer Broken(PlayAnswer answer) => answer with { Status = 500, ContentType = Html, Body = Page("Internal server error"), Headers = [] };

    private static byte[] Page(string title) => Encoding.UTF8.GetBytes($"<!DOCTYPE html>\n<html lang=\"en\"><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n");
}
