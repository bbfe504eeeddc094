using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Wallets;

namespace CredSync.Host.Tests.Ledger;

// What is known of learners' wallets.
public abstract partial class LedgerSuite
{
    private WalletLedger Wallets => new(Sql, Time);

    [Fact]
    public async Task What_a_learner_allows_holds_until_it_is_redeemed_twice_ended_or_over()
    {
        ILedger ledger = await OpenAsync();
        Guid subject = await SomebodyAsync(ledger);
        (await Wallets.RegisterAsync(Client("w"), 2, Time.GetUtcNow().AddDays(-30), Ct)).ShouldBeTrue();
        (await Wallets.RegisterAsync(Client("v"), 2, Time.GetUtcNow().AddDays(-30), Ct)).ShouldBeTrue();
        (await Wallets.RegisterAsync(Client("u"), 2, Time.GetUtcNow().AddDays(-30), Ct)).ShouldBeFalse();
        (await Wallets.ClientAsync("w", Ct))!.Redirects.ShouldBe(["https://w.example/a", "https://w.example/b"]);
        (await Wallets.ClientAsync("u", Ct)).ShouldBeNull();

        await Wallets.AddClaimAsync(subject, "claim", Time.GetUtcNow().AddDays(1), "ada", "asked", Ct);
        (await Wallets.AllowAsync("no claim", Grant(1), Secret("code-1", "code"), Ct)).ShouldBeFalse();
        (await Wallets.AllowAsync("claim", Grant(1), Secret("code-1", "code"), Ct)).ShouldBeTrue();
        (await Wallets.AllowAsync("claim", Grant(2), Secret("code-2", "code"), Ct)).ShouldBeFalse();
        HeldSecret code = (await Wallets.SecretAsync("code-1", "code", Ct))!;
        (code.Grant.Subject, code.Grant.Client, code.Secret.Redirect, code.Secret.Scopes.Count).ShouldBe((subject, "w", "https://w.example/a", 2));
        (await Wallets.SecretAsync("code-1", "access", Ct)).ShouldBeNull();
        (await Wallets.RedeemAsync(code, [Secret("access-1", "access"), Secret("refresh-1", "refresh")], Ct)).ShouldBeTrue();
        HeldSecret access = (await Wallets.SecretAsync("access-1", "access", Ct))!;
        await Wallets.AddAsync(access.Grant.Id, Secret("access-2", "access"), Ct);
        await Wallets.EndAsync(access, Ct);
        (await Wallets.SecretAsync("access-1", "access", Ct)).ShouldBeNull();
        (await Wallets.SecretAsync("access-2", "access", Ct)).ShouldNotBeNull();
        (await Wallets.RedeemAsync(code, [Secret("access-3", "access")], Ct)).ShouldBeFalse();
        (await Wallets.SecretAsync("access-2", "access", Ct)).ShouldBeNull();
        (await Wallets.SecretAsync("refresh-1", "refresh", Ct)).ShouldBeNull();

        await Wallets.AddClaimAsync(subject, "second", Time.GetUtcNow().AddDays(1), "ada", "asked", Ct);
        await Wallets.AddClaimAsync(subject, "third", Time.GetUtcNow().AddDays(1), "ada", "asked", Ct);
        (await Wallets.AllowAsync("second", Grant(3), Secret("code-3", "code"), Ct)).ShouldBeTrue();
        (await Wallets.EndAsync(subject, "ada", "lost", Ct)).ShouldBe((1, 1));
        (await Wallets.SecretAsync("code-3", "code", Ct)).ShouldBeNull();
        (await Wallets.AllowAsync("third", Grant(4), Secret("code-4", "code"), Ct)).ShouldBeFalse();

        // Wallets that were never allowed anything are forgotten; time ends the rest.
        await Wallets.AddClaimAsync(subject, "late", Time.GetUtcNow().AddDays(1), "ada", "asked", Ct);
        Time.Advance(TimeSpan.FromDays(31));
        (await Wallets.AllowAsync("late", Grant(5), Secret("code-5", "code"), Ct)).ShouldBeFalse();
        (await Wallets.RegisterAsync(Client("u"), 2, Time.GetUtcNow().AddDays(-30), Ct)).ShouldBeTrue();
        ((await Wallets.ClientAsync("w", Ct)) is not null, await Wallets.ClientAsync("v", Ct)).ShouldBe((true, null));
        (await ledger.ActsAsync(subject.ToString(), 20, Ct)).Select(a => a.Verb).Distinct().ShouldBe(["make-claim", "end-claims", "allow-wallet"], ignoreOrder: true);
    }

    [Fact]
    public async Task Of_two_credentials_with_one_id_the_later_one_stays()
    {
        ILedger ledger = await OpenAsync();
        Guid subject = await SomebodyAsync(ledger);
        DateTimeOffset from = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        CollectedCredential first = new() { IssuerId = "did:x", CredentialId = "1", MediaType = "text/plain", Content = "a", ValidFrom = from, StoredAt = from };
        (await Wallets.CollectAsync(subject, first, 2, Ct)).ShouldBe(Collecting.Created);
        (await Wallets.CollectAsync(subject, first, 2, Ct)).ShouldBe(Collecting.Replaced);
        (await Wallets.CollectAsync(subject, first with { Content = "b", ValidFrom = from.AddDays(1) }, 2, Ct)).ShouldBe(Collecting.Replaced);
        (await Wallets.CollectAsync(subject, first, 2, Ct)).ShouldBe(Collecting.Outdated);
        (await Wallets.CollectAsync(subject, first with { CredentialId = "2" }, 2, Ct)).ShouldBe(Collecting.Created);
        (await Wallets.CollectAsync(subject, first with { CredentialId = "3" }, 2, Ct)).ShouldBe(Collecting.Full);
        (await Wallets.CollectedAsync(subject, Ct)).Select(c => (c.CredentialId, c.Content)).ShouldBe([("1", "b"), ("2", "a")], ignoreOrder: true);
        (await Wallets.PersonAsync(subject, Ct)).Emails.ShouldNotBeNull();
    }

    private async Task<Guid> SomebodyAsync(ILedger ledger)
    {
        RunLease run = await BeginAsync(ledger);
        await using (IIntakeTransaction page = await ledger.BeginPageAsync(run, Ct))
        {
            await FillAsync(page, [Done("a")]);
            await page.CommitAsync(new CredSync.Sources.Cursor("a"), new PageCounts { Read = 1, New = 1 }, Ct);
        }

        await ledger.EndRunAsync(run, new RunEnd(), Ct);
        return (await ledger.HistoriesAfterAsync(null, 1, Ct)).Single().Subject;
    }

    private WalletClient Client(string id) => new()
    {
        Id = id, SecretHash = "hash", Name = "Wallet", Home = $"https://{id}.example", Redirects = [$"https://{id}.example/a", $"https://{id}.example/b"], Scopes = ["read"], RegisteredAt = Time.GetUtcNow(),
    };

    private static WalletGrant Grant(int number) => new() { Id = NameBasedUuid.Create(Guid.Empty, $"grant {number}"), Client = "w", Subject = Guid.Empty, Issuer = "i", Scopes = ["read", "offline_access"] };

    private WalletSecret Secret(string hash, string kind) => new()
    {
        Hash = hash, Kind = kind, Scopes = ["read", "offline_access"], ExpiresAt = Time.GetUtcNow().AddHours(1), Redirect = kind == "code" ? "https://w.example/a" : null, Challenge = kind == "code" ? "c" : null,
    };
}
