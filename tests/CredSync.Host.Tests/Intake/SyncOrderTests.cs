using System.Runtime.CompilerServices;
using CredSync.Completions;
using CredSync.Host.Commands;
using CredSync.Host.Tests.Plans;
using CredSync.Issuers;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Tests.Intake;

/// <summary><c>credsync sync</c> reads everything before anything leaves.</summary>
public sealed class SyncOrderTests : IDisposable
{
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly List<string> happened = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_source_is_read_to_its_end_before_the_first_credential_leaves()
    {
        (await SyncAsync("earn: { course: { source: first, key: C-1 } }")).ShouldBe(0);
        string[] seen = Seen();
        seen.Count(s => s == "minted").ShouldBe(2);
        seen.TakeWhile(s => s != "minted").ShouldBe(["first page 1", "first page 2", "first is read", "second page 1", "second page 2", "second is read"]);
    }

    [Fact]
    public async Task What_the_last_source_says_keeps_back_what_the_first_one_earned()
    {
        (await SyncAsync("earn: { course: { source: first, key: C-1 } }\nunless: { course: { source: second, key: C-1 } }")).ShouldBe(0);
        Seen().ShouldNotContain("minted");
    }

    private string[] Seen()
    {
        lock (happened)
        {
            return [.. happened];
        }
    }

    private void Tell(string what)
    {
        lock (happened)
        {
            happened.Add(what);
        }
    }

    private async Task<int> SyncAsync(string rule)
    {
        string config = folder.File("config");
        foreach ((string file, string text) in new[]
        {
            ("credsync.yaml", "organisation: { name: Play, namespace: play.example, time_zone: UTC }\n"), ("sources/first.yaml", "source: first\nadapter: told\nevery: 1h\n"),
            ("sources/second.yaml", "source: second\nadapter: told\nevery: 1h\n"), ("issuers/press.yaml", "issuer: press\nadapter: told\n"),
            ("credentials/badge.yaml", $"credential: badge\nname: Badge\ndescription: D\ncriteria: C\nissue: {{ by: press }}\n{rule}\n"),
        })
        {
            string path = Path.Combine(config, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, Ct);
        }

        Directory.CreateDirectory(folder.File("data"));
        var settings = new WorkerSettings { ConfigFolder = config, DataFolder = folder.File("data"), LogToTerminal = false };
        using var output = new StringWriter();
        var context = new CommandContext(builder =>
        {
            builder.Services.AddSingleton(new SourceAdapter("told", "Tells two completions.", typeof(NoOptions), (_, identity, _) => new Told(identity.Name, Tell)));
            builder.Services.AddSingleton(new IssuerAdapter("told", "Mints.", typeof(NoOptions), (_, _, _) => new Press(Tell)));
        });
        return await SyncCommand.RunAsync(context, settings, [], new Output(json: false, output, output), Ct);
    }

    private sealed class NoOptions;

    private sealed class Told(string name, Action<string> tell) : ICompletionSource
    {
        public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
        {
            for (int page = 1; page <= 2; page++)
            {
                tell($"{name} page {page}");
                yield return new SourcePage { Completions = [Done(page)], Next = new Cursor($"{page}") };
                await Task.Yield();
            }

            tell($"{name} is read");
        }

        private Completion Done(int person) => PlanWorld.Completed(person, "C-1", 90, LongAgo) with { Key = new CompletionKey(name, $"{person}|C-1") };
    }

    private sealed class Press(Action<string> tell) : ICredentialIssuer
    {
        public IssuerCapabilities Capabilities { get; } = new() { RepeatsSafely = true };

        public Task<IssuedCredential> IssueAsync(IssuanceRequest request, CancellationToken ct)
        {
            tell("minted");
            return Task.FromResult(new IssuedCredential { CredentialId = $"urn:uuid:{request.IssuanceId}", IssuedAt = LongAgo });
        }
    }
}
