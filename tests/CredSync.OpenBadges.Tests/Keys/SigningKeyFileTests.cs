using System.Runtime.Versioning;
using CredSync.OpenBadges.Keys;

namespace CredSync.OpenBadges.Tests.Keys;

public sealed class SigningKeyFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("credsync-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519)]
    [InlineData(KeyAlgorithm.P256)]
    [InlineData(KeyAlgorithm.Rsa)]
    public void The_key_made_on_first_use_is_the_key_of_every_later_use(KeyAlgorithm algorithm)
    {
        string path = Path.Combine(folder, "new", "key.pem");
        using SigningKey first = SigningKeyFile.LoadOrCreate(path, algorithm);
        using SigningKey second = SigningKeyFile.LoadOrCreate(path, algorithm);
        second.PublicKey.ShouldBe(first.PublicKey);
        File.ReadAllText(path).ShouldStartWith("-----BEGIN PRIVATE KEY-----");
        byte[] signature = first.Sign("text"u8);
        second.PublicKey.Verify("text"u8, signature).ShouldBeTrue();
        second.PublicKey.Verify("texT"u8, signature).ShouldBeFalse();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_key_file_is_readable_by_its_owner_only_and_leaves_no_draft()
    {
        string path = Path.Combine(folder, "key.pem");
        SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.Ed25519).Dispose();
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(folder).ShouldBe([path]);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_others_can_access_is_refused_with_the_command_that_mends_it(UnixFileMode more)
    {
        string path = Path.Combine(folder, "key.pem");
        SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.Ed25519).Dispose();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        KeyException refused = Should.Throw<KeyException>(() => SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.Ed25519));
        refused.Message.ShouldContain($"chmod 600 {path}");
    }

    [Fact]
    public async Task Many_that_start_at_once_all_use_the_key_of_the_first()
    {
        // The moment in which one could take another's place is short: often enough that it is hit.
        for (int round = 0; round < 200; round++)
        {
            string path = Path.Combine(folder, $"key-{round}.pem");
            using Barrier start = new(8);
            string[] keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    using SigningKey key = SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.Ed25519);
                    return key.PublicMultibase;
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            keys.Distinct().Count().ShouldBe(1, $"round {round}");
            using SigningKey kept = SigningKeyFile.Load(path);
            kept.PublicMultibase.ShouldBe(keys[0]);
        }

        Directory.GetFiles(folder).Length.ShouldBe(200);
    }

    [Fact]
    public void A_file_with_another_kind_of_key_is_refused_and_stays_as_it_is()
    {
        string path = Path.Combine(folder, "key.pem");
        SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.P256).Dispose();
        string before = File.ReadAllText(path);
        Should.Throw<KeyException>(() => SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.Rsa)).Message.ShouldContain("P256");
        File.ReadAllText(path).ShouldBe(before);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_is_no_key_is_refused_and_stays_as_it_is()
    {
        string path = Path.Combine(folder, "key.pem");
        File.WriteAllText(path, "not a key");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<KeyException>(() => SigningKeyFile.LoadOrCreate(path, KeyAlgorithm.Ed25519)).Message.ShouldContain("neither PEM");
        File.ReadAllText(path).ShouldBe("not a key");
    }

    [Fact]
    public void Load_never_makes_a_key()
    {
        string path = Path.Combine(folder, "absent.pem");
        Should.Throw<KeyException>(() => SigningKeyFile.Load(path)).Message.ShouldContain("There is no key file");
        File.Exists(path).ShouldBeFalse();
    }
}
