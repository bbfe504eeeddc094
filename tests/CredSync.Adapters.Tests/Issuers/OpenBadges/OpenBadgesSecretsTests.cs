using CredSync.Issuers.OpenBadges;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>The secret behind salts and addresses: who derives from another one gives the same credential a second address.</summary>
public sealed class OpenBadgesSecretsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-secrets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Many_that_start_at_once_all_use_the_secret_of_the_first()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        for (int round = 0; round < 200; round++)
        {
            string path = Path.Combine(folder, $"{round}.salt");
            using Barrier start = new(8);
            string[] secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(ct);
                    return Convert.ToHexString(OpenBadgesSecrets.LoadOrCreate(path));
                },
                ct,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            secrets.Distinct().ShouldBe([Convert.ToHexString(await File.ReadAllBytesAsync(path, ct))], $"round {round}");
        }

        Directory.GetFiles(folder).Length.ShouldBe(200, "no draft is left");
    }
}
