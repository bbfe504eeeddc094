using System.Security.Cryptography;
using System.Text;
using CredSync.Core.Configuration;
using CredSync.Host.Dispatch;
using CredSync.Host.Intake;
using CredSync.Host.Intake.Hooks;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Host.Tests.Intake.Hooks;

/// <summary>A source 'play' with hooks, a rule that awards its course, and a real ledger.</summary>
internal sealed class HookWorld : IDisposable
{
    public const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    public const string Standard = "proof: standard-webhooks, secrets: [env:HOOK]";
    private static readonly LeaseOwner Owner = LocalProcess.Self;
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDatabase database;

    private HookWorld(string webhook, string more)
    {
        database = new SqliteDatabase(folder.File("ledger.db"));
        Ledger = new SqliteLedger(database, Time);
        Configuration = Read(webhook, more);
        Active = new ActiveConfiguration(Configuration);
        Registry = new SourceRegistry(new Dictionary<string, ICompletionSource> { ["play"] = Source });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public PlayHookSource Source { get; } = new();

    public SqliteLedger Ledger { get; }

    public Configuration Configuration { get; }

    public ActiveConfiguration Active { get; }

    public SourceRegistry Registry { get; }

    public OutboxSignal Outbox { get; } = new();

    public WebhookDefinition Webhook => Configuration.Sources.Single().Webhook!;

    public static async Task<HookWorld> OpenAsync(CancellationToken ct, string webhook = Standard, string more = "")
    {
        var world = new HookWorld(webhook, more);
        await world.Ledger.MigrateAsync(ct);
        await world.Ledger.EnsureSourcesAsync(["play"], ct);
        return world;
    }

    public DeliveryDesk Desk(ISourceLedger? intakeLedger = null) => new(
        Ledger, new CompletionIntake(intakeLedger ?? Ledger, new RuleBookRecord(Ledger), Time), Registry, Active, Owner, Outbox, Time, NullLogger<DeliveryDesk>.Instance);

    public HookVerdict Decide(string body, params (string Name, string Value)[] headers) => Decide(new HookRequest { Method = "POST", Header = Headers(headers), Body = Encoding.UTF8.GetBytes(body) });

    public HookVerdict Decide(HookRequest request) => new HookDoor(new HookSecrets(Time), new PlayEd25519()).Decide("play", Webhook, Source, request, Time.GetUtcNow());

    public Task StoreAsync(CancellationToken ct, params WebhookDelivery[] deliveries) =>
        Ledger.StoreDeliveriesAsync([.. deliveries.Select(d => new DeliveryRow { Source = "play", Delivery = d })], ct);

    public Task<IReadOnlyList<DeliveryLine>> LinesAsync(CancellationToken ct) => Ledger.DeliveriesAsync(new DeliveryFilter { Source = "play" }, 1000, ct);

    public (string, string)[] Signed(string id, string body, string secret = Secret, DateTimeOffset? at = null)
    {
        string timestamp = (at ?? Time.GetUtcNow()).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", Signature(secret, id, timestamp, Encoding.UTF8.GetBytes(body)))];
    }

    public static string Signature(string secret, string id, string timestamp, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), (byte[])[.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body]));

    public static Func<string, string?> Headers(params (string Name, string Value)[] headers) =>
        name => headers.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Value;

    public void Dispose()
    {
        Outbox.Dispose();
        database.Dispose();
        folder.Dispose();
    }

    private static Configuration Read(string webhook, string more)
    {
        ConfigurationFile[] files =
        [
            new("credsync.yaml", "organisation: { name: Test, namespace: test.example, time_zone: UTC }"),
            new("sources/play.yaml", $"source: play\nadapter: play\nwebhook: {{ {webhook} }}\n{more}"),
            new("issuers/press.yaml", "issuer: press\nadapter: play"),
            new("credentials/single.yaml", "credential: single\nname: Single\ndescription: A credential.\ncriteria: Do it.\nissue: { by: press }\nearn: { course: { key: SAFETY-101 } }"),
        ];
        var adapters = new AdapterCatalogue(
            [new SourceAdapter("play", "A play source.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException()) { Webhooks = WebhookTrust.Hint }],
            [new IssuerAdapter("play", "A play issuer.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException())]);
        ConfigurationResult result = ConfigurationReader.Read(files, adapters, r => new Secret(r, () => r switch { "env:HOOK" => Secret, "env:OLD" => "whsec_" + Convert.ToBase64String(new byte[32]), _ => "a-shared-token" }), new Dictionary<string, string>());
        return result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Findings));
    }

    private sealed class NoOptions;
}
