using System.CommandLine;
using CredSync.Host.Issue;
using CredSync.Issuers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary><c>credsync verify</c>: is this badge genuine? Every check with its result.</summary>
internal static class VerifyCommand
{
    // As much as any credential may have.
    private const long LargestFile = 32 * 1024 * 1024;

    public static Command Create(CommandContext context, CommonOptions options)
    {
        var files = new Argument<string[]>("file") { Description = "Credentials, as files or addresses: JSON, JWT, or an image with a baked credential.", Arity = ArgumentArity.OneOrMore };
        var online = new Option<bool>("--online") { Description = "Fetches the issuer's keys, status list and log receipt; always so when an address is given." };
        var allowPrivate = new Option<bool>("--allow-private") { Description = "Also fetches over plain http and from private networks, for tests and closed networks." };
        var connect = new Option<string[]>("--connect-to") { Description = "Fetches one address at another, as FROM=TO, for an issuer whose public name does not lead to it yet (repeatable)." };
        var keys = new Option<string[]>("--keys") { Description = "A DID document with the issuer's keys, as a file (repeatable)." };
        var head = new Option<string?>("--head") { Description = "A file with the head of the issuer's log from an earlier look: the log must still have what it had. The newest head is kept in it." };
        var command = new Command("verify", "Verifies credentials: form, signature, dates, status, log. Example: credsync verify data/badges/safety-basics/*.json") { files, online, allowPrivate, connect, keys, head };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed), parsed.GetValue(files)!,
            new Wish(parsed.GetValue(online), parsed.GetValue(allowPrivate), parsed.GetValue(connect) ?? [], parsed.GetValue(keys) ?? [], parsed.GetValue(head)),
            options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, string[] files, Wish wish, Output output, CancellationToken ct)
    {
        // With a good configuration at hand the keys of its own issuers are known; anyone else's credential is verified by what it says itself.
        using IHost? host = Directory.Exists(settings.ConfigFolder) ? context.TryBuildQuietly(settings with { Roles = Roles.None, LogToTerminal = false }) : null;
        host?.Services.GetRequiredService<IssuerRegistry>();
        await using ServiceProvider? adapters = host is null ? context.BuildAdapters() : null;
        ICredentialVerifier verifier = (host?.Services ?? adapters!).GetRequiredService<ICredentialVerifier>();
        bool online = wish.Online || wish.Head is not null || files.Any(IsAddress);
        VerificationScope scope = await ScopeAsync(wish, online, ct).ConfigureAwait(false);
        var reports = new List<(string File, bool Verified, IReadOnlyList<CheckResult> Checks)>();
        foreach (string file in files)
        {
            try
            {
                ReadOnlyMemory<byte> document = IsAddress(file) ? await verifier.FetchAsync(new Uri(file), scope, ct).ConfigureAwait(false) : await ReadAsync(file, ct).ConfigureAwait(false);
                VerificationResult result = await verifier.VerifyAsync(document, scope, ct).ConfigureAwait(false);
                if (wish.Head is not null && result.LogHead is { } head)
                {
                    await File.WriteAllTextAsync(wish.Head, head + "\n", ct).ConfigureAwait(false);
                    scope = scope with { EarlierHead = head };
                }

                reports.Add((file, result.Checks.All(c => c.Outcome != CheckOutcome.Failed) && result.Checks.Any(c => c.Outcome == CheckOutcome.Passed), result.Checks));
            }
            catch (IssuerException e)
            {
                output.Error($"{file}: {e.Message}");
                return e.Kind == FaultKind.Misconfigured ? ExitCodes.Usage : ExitCodes.Unreachable;
            }
        }

        output.Write(
            reports.Select(r => new { file = r.File, verified = r.Verified, checks = r.Checks }),
            console =>
            {
                foreach ((string file, bool verified, IReadOnlyList<CheckResult> checks) in reports)
                {
                    Spectre.Console.AnsiConsoleExtensions.MarkupLineInterpolated(console, $"[bold]{file}[/] {(verified ? "verified" : "NOT VERIFIED")}");
                    CheckList.Draw(console, checks);
                }
            });
        return reports.All(r => r.Verified) ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static async Task<VerificationScope> ScopeAsync(Wish wish, bool online, CancellationToken ct)
    {
        var keys = new List<ReadOnlyMemory<byte>>();
        foreach (string file in wish.Keys)
        {
            keys.Add(await ReadAsync(file, ct).ConfigureAwait(false));
        }

        return new VerificationScope
        {
            Online = online,
            AllowPrivateNetworks = wish.AllowPrivate,
            ConnectTo = wish.ConnectTo.Select(Pair).DistinctBy(p => p.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            KeyDocuments = keys,
            EarlierHead = wish.Head is not null && File.Exists(wish.Head) ? await File.ReadAllTextAsync(wish.Head, ct).ConfigureAwait(false) : null,
        };
    }

    private static KeyValuePair<string, string> Pair(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts.Length == 2 && IsAddress(parts[0]) && IsAddress(parts[1])
            ? KeyValuePair.Create(parts[0], parts[1])
            : throw new UsageException($"--connect-to wants FROM=TO, two addresses, not '{text}'.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file))
        {
            throw new UsageException($"There is no file '{file}'.");
        }

        return new FileInfo(file).Length <= LargestFile
            ? await File.ReadAllBytesAsync(file, ct).ConfigureAwait(false)
            : throw new UsageException($"The file '{file}' is larger than any credential may be.");
    }

    private static bool IsAddress(string text) =>
        (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) && Uri.TryCreate(text, UriKind.Absolute, out _);

    private sealed record Wish(bool Online, bool AllowPrivate, string[] ConnectTo, string[] Keys, string? Head);
}
