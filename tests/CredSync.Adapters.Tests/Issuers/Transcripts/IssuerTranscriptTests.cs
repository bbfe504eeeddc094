using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CredSync.Conformance.Http;
using CredSync.Issuers;
using CredSync.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.Transcripts;

/// <summary>
/// One story for each remote issuer, kept in a file as it passed over the wire: what is asked, word for word, and what is answered. Played back, the issuer must ask the
/// same and come to the same end. To accept a change, run with <c>CREDSYNC_ACCEPT_GOLDEN=1</c> and review the difference.
/// </summary>
public sealed partial class IssuerTranscriptTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 10, 9, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> All => [.. RemotePlay.Adapters];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(All))]
    public async Task An_issuer_asks_what_is_written_and_understands_the_answers(string adapter)
    {
        RemotePlay play = RemotePlay.Create(adapter);
        string file = Path.Combine(Folder(), adapter + ".json");
        var clock = new FakeTimeProvider(Now);
        if (Environment.GetEnvironmentVariable("CREDSYNC_ACCEPT_GOLDEN") == "1")
        {
            string[] secrets = [.. play.Secrets, .. Enumerable.Range(0, 3).Select(n => "play-" + PlayIds.Create(adapter == "badgr" ? "badgr-token" : "ob-host-token", n))];
            var recorder = new TranscriptRecorder(new PlayHandler(play.Platform, clock), secrets);
            await TellAsync(play, recorder, clock, play.Options(PlayHandler.AddressOf(play.Platform.Prefix)));
            await File.WriteAllTextAsync(file, recorder.Recorded.ToJson() + "\n", Ct);
        }

        Transcript written = Transcript.Load(file);

        // What stands for a secret in the transcript is one here, and stands for itself.
        var heard = new TranscriptRecorder(written.Play(), [.. Enumerable.Range(1, play.Secrets.Length + 3).Select(n => $"SECRET-{n}")]);
        object options = play.Options(PlayHandler.AddressOf(play.Platform.Prefix));
        foreach (System.Reflection.PropertyInfo setting in options.GetType().GetProperties().Where(p => p.PropertyType == typeof(Secret)))
        {
            if (setting.GetValue(options) is Secret secret && Array.IndexOf(play.Secrets, secret.Reveal()) is >= 0 and var place)
            {
                setting.SetValue(options, RemoteRequests.Secret($"SECRET-{place + 1}"));
            }
        }

        await TellAsync(play, heard, clock, options);
        heard.Recorded.Exchanges.Select(e => (e.Request, e.Body)).ShouldBe(written.Exchanges.Select(e => (e.Request, e.Body)));
    }

    [Fact]
    public void No_secret_stands_in_a_transcript()
    {
        foreach (string adapter in RemotePlay.Adapters)
        {
            string text = File.ReadAllText(Path.Combine(Folder(), adapter + ".json"));
            RemotePlay.Create(adapter).Secrets.ShouldAllBe(s => !text.Contains(s, StringComparison.Ordinal));
            AccessToken().Matches(text).ShouldAllBe(m => m.Value.EndsWith("SECRET-", StringComparison.Ordinal));
        }
    }

    // Asked whether all is well, for a credential twice, whether it is there, and to take it back twice.
    private static async Task TellAsync(RemotePlay play, HttpMessageHandler platform, FakeTimeProvider clock, object options)
    {
        string keys = Directory.CreateTempSubdirectory("credsync-transcript-").FullName;
        try
        {
            Provide(Path.Combine(keys, "keys"));
            await using IssuerBench bench = new(platform, clock);
            ICredentialIssuer issuer = bench.Create(play.Adapter, options, dataFolder: keys);
            IssuanceRequest request = RemoteRequests.For(play.Template) with { IssuedAt = Now };
            (await ((ICheckable)issuer).CheckAsync(Ct)).ShouldAllBe(c => c.Outcome != CheckOutcome.Failed);
            if (issuer is ITemplateCheckable templates)
            {
                (await templates.CheckTemplateAsync(play.Template, Ct)).Outcome.ShouldBe(CheckOutcome.Passed);
            }

            if (issuer is ICredentialLookup before)
            {
                (await before.FindAsync(request, Ct)).ShouldBeNull();
            }

            IssuedCredential issued = await issuer.IssueAsync(request, Ct);
            if (issuer.Capabilities.RepeatsSafely || issuer.Capabilities.DuplicateGuard)
            {
                (await issuer.IssueAsync(request, Ct)).CredentialId.ShouldBe(issued.CredentialId);
            }

            if (issuer is ICredentialLookup after)
            {
                (await after.FindAsync(request, Ct))!.CredentialId.ShouldBe(issued.CredentialId);
            }

            var revocation = new RevocationRequest { IssuanceId = request.IssuanceId, CredentialId = issued.CredentialId, Reason = "Issued in error.", RevokedAt = Now, StatusNumber = 7 };
            await ((ICredentialRevoker)issuer).RevokeAsync(revocation, Ct);
            await ((ICredentialRevoker)issuer).RevokeAsync(revocation, Ct);
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }
    }

    // Keys that sign the same in every run; they are nobody's.
    private static void Provide(string folder)
    {
        Directory.CreateDirectory(folder);
        string key = Path.Combine(folder, "test-issuer.key");
        File.WriteAllText(key, "zrv3GY4xz4CsHGDivB8nBzft3cZmtNp9azHEgZWGmmpU1qBJ9mKbwDhEgBBEcQmB96sHvyaMhHrryTAcSSUU1noNQBp");
        File.WriteAllBytes(key + ".salt", [.. Enumerable.Range(0, 32).Select(n => (byte)n)]);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(key + ".salt", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // Read from the source tree, so that accepting writes where version control sees it.
    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex("access_token[^:]*: *[^a-zA-Z]*(SECRET-)?")]
    private static partial Regex AccessToken();
}
