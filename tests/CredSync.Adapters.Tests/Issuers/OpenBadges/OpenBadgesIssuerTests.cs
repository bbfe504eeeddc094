using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.Issuers;
using CredSync.Issuers.OpenBadges;
using CredSync.OpenBadges.Proofs;
using CredSync.Registration;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

public sealed class OpenBadgesIssuerTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("credsync-badges-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_same_request_gives_the_same_bytes_even_from_another_process()
    {
        using OpenBadgesIssuer first = Issuer();
        IssuedCredential one = await first.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        using OpenBadgesIssuer second = Issuer();
        IssuedCredential other = await second.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        first.Capabilities.RepeatsSafely.ShouldBeTrue();
        other.CredentialId.ShouldBe(one.CredentialId);
        other.Documents.Count.ShouldBe(one.Documents.Count);
        for (int i = 0; i < one.Documents.Count; i++)
        {
            other.Documents[i].Content.ToArray().ShouldBe(one.Documents[i].Content.ToArray());
        }
    }

    [Fact]
    public async Task The_token_verifies_with_the_published_keys()
    {
        using OpenBadgesIssuer issuer = Issuer();
        IssuedCredential issued = await issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        CredentialDocument token = issued.Documents.Single(static d => d.Extension == "jwt");
        ProofCheck check = VcJwt.Verify(Encoding.ASCII.GetString(token.Content.Span), KeyResolvers.FromDidDocuments(issuer.PublishedKeys!));
        check.Failure.ShouldBeNull();
        check.Holds.ShouldBeTrue();
        issued.CredentialId.ShouldMatch("^https://badges.northwind.example/credentials/[A-Za-z0-9_-]{22}$");
        issued.PublicUrl.ShouldBe(issued.CredentialId);
    }

    [Fact]
    public async Task The_embedded_form_verifies_with_the_published_keys_and_says_the_same_as_the_token()
    {
        using OpenBadgesIssuer issuer = Issuer();
        IssuedCredential issued = await issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        JsonObject json = CredentialJson.Parse(issued.Documents.Single(static d => d.Extension == "json").Content.Span);
        ProofCheck check = DataIntegrity.Verify(json, KeyResolvers.FromDidDocuments(issuer.PublishedKeys!)).ShouldHaveSingleItem();
        check.Holds.ShouldBeTrue();
        check.Suite.ShouldBe("eddsa-rdfc-2022");
        check.Created.ShouldBe(Requests.Full.IssuedAt);
        JsonObject token = VcJwt.Read(Encoding.ASCII.GetString(issued.Documents.Single(static d => d.Extension == "jwt").Content.Span)).Credential;
        json.Remove("proof");
        JsonNode.DeepEquals(json, token).ShouldBeTrue();
    }

    [Fact]
    public async Task A_malformed_colour_is_a_configuration_fault()
    {
        using OpenBadgesIssuer issuer = Issuer(new() { Name = "Northwind", Url = new Uri("https://badges.northwind.example"), Image = OpenBadgesImage.Svg, Colour = "blue" });
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken));
        fault.Cause.ShouldBe("badge-colour-malformed");
    }

    [Fact]
    public void Nothing_is_written_before_the_first_use()
    {
        using OpenBadgesIssuer issuer = Issuer(ownKeys: true);
        issuer.PublishedKeys.ShouldBeNull();
        folder.GetFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_files_are_made_on_first_use_and_can_be_read_by_their_owner_only()
    {
        using OpenBadgesIssuer issuer = Issuer(ownKeys: true);
        await issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        folder.GetFiles().Select(static f => f.Name).Order(StringComparer.Ordinal).ShouldBe(["n.key", "n.key.jwt", "n.key.salt"]);
        if (!OperatingSystem.IsWindows())
        {
            folder.GetFiles().ShouldAllBe(static f => f.UnixFileMode == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Fact]
    public async Task A_damaged_secret_is_a_configuration_fault_and_never_replaced()
    {
        string secret = Path.Combine(folder.FullName, "n.key.salt");
        await File.WriteAllTextAsync(secret, "short", TestContext.Current.CancellationToken);
        using OpenBadgesIssuer issuer = Issuer();
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken));
        fault.Kind.ShouldBe(FaultKind.Misconfigured);
        fault.Cause.ShouldBe("issuer-secret-unusable");
        (await File.ReadAllTextAsync(secret, TestContext.Current.CancellationToken)).ShouldBe("short");
        (await issuer.CheckAsync(TestContext.Current.CancellationToken)).ShouldContain(static c => c.Outcome == CheckOutcome.Failed);
    }

    [Theory]
    [InlineData("", "https://badges.northwind.example", null, "issuer-name-missing")]
    [InlineData("Northwind", null, null, "issuer-address-missing")]
    [InlineData("Northwind", "http://badges.northwind.example", null, "issuer-address-unusable")]
    [InlineData("Northwind", null, "badges.northwind.example", "issuer-did-malformed")]
    [InlineData("Northwind", null, "did:web:badges.northwind.example#key", "issuer-did-malformed")]
    public async Task Settings_that_cannot_work_are_refused_with_a_cause(string name, string? url, string? did, string cause)
    {
        using OpenBadgesIssuer issuer = Issuer(new() { Name = name, Url = url is null ? null : new Uri(url), Did = did });
        IssuerException fault = await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken));
        fault.Kind.ShouldBe(FaultKind.Misconfigured);
        fault.Cause.ShouldBe(cause);
    }

    [Fact]
    public async Task What_a_former_key_signed_still_verifies_after_the_key_was_replaced()
    {
        using OpenBadgesIssuer first = Issuer();
        IssuedCredential issued = await first.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        JsonObject json = CredentialJson.Parse(issued.Documents.Single(static d => d.Extension == "json").Content.Span);
        string former = json["proof"]![0]!["verificationMethod"]!.GetValue<string>().Split('#')[1];
        File.Delete(Path.Combine(folder.FullName, "n.key"));

        using OpenBadgesIssuer second = Issuer(new() { Name = "Northwind Academy", Url = new Uri("https://badges.northwind.example"), FormerKeys = [former] });
        IssuedCredential again = await second.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        again.CredentialId.ShouldBe(issued.CredentialId);
        DataIntegrity.Verify(json, KeyResolvers.FromDidDocuments(second.PublishedKeys!)).ShouldHaveSingleItem().Holds.ShouldBeTrue();
        second.PublishedKeys!["assertionMethod"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_former_key_that_is_none_is_a_configuration_fault()
    {
        using OpenBadgesIssuer issuer = Issuer(new() { Name = "Northwind Academy", Url = new Uri("https://badges.northwind.example"), FormerKeys = ["z6Mk"] });
        (await Should.ThrowAsync<IssuerException>(() => issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken))).Cause.ShouldBe("issuer-key-unusable");
    }

    [Fact]
    public void Every_setting_stands_in_the_guide_with_its_default()
    {
        string guide = File.ReadAllText(Guide());
        foreach (PropertyInfo property in typeof(OpenBadgesOptions).GetProperties())
        {
            SettingAttribute setting = property.GetCustomAttribute<SettingAttribute>()!;
            string row = guide.Split('\n').Single(l => l.StartsWith($"| `{setting.Name}` |", StringComparison.Ordinal));
            string? initial = property.GetValue(new OpenBadgesOptions()) is { } value and not "" and not IReadOnlyList<string> ? value.ToString()!.ToLowerInvariant() : null;
            if (initial is not null)
            {
                row.ShouldEndWith($"| `{initial}` |");
            }
        }
    }

    private static string Guide()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CredSync.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "open-badges.md");
    }

    [Fact]
    public async Task The_did_document_names_the_keys_that_sign()
    {
        using OpenBadgesIssuer issuer = Issuer();
        await issuer.IssueAsync(Requests.Full, TestContext.Current.CancellationToken);
        JsonObject document = issuer.PublishedKeys!;
        document["id"]!.GetValue<string>().ShouldBe("did:web:badges.northwind.example");
        document["assertionMethod"]!.AsArray().Count.ShouldBe(2);
    }

    private OpenBadgesIssuer Issuer(OpenBadgesOptions? options = null, bool ownKeys = false)
    {
        options ??= new() { Name = "Northwind Academy", Url = new Uri("https://badges.northwind.example"), Image = OpenBadgesImage.Png };
        options.Proof = OpenBadgesProof.Both;
        options.Key = Path.Combine(folder.FullName, "n.key");
        if (!ownKeys)
        {
            KeyFiles.Provide(options.Key);
        }

        return new(new IssuerIdentity("northwind"), options, new OpenBadgesKeyRing(), time);
    }
}
