using System.Text.Json;
using CredSync.Adapters.Tests.Issuers.Credly;
using CredSync.Conformance.Issuers;
using CredSync.Issuers;
using CredSync.Issuers.Accredible;
using CredSync.Issuers.Badgr;
using CredSync.Issuers.ObApi;
using CredSync.Issuers.VcApi;
using CredSync.Sandbox;
using CredSync.Sandbox.Accredible;
using CredSync.Sandbox.Badgr;
using CredSync.Sandbox.Credly;
using CredSync.Sandbox.ObHost;
using CredSync.Sandbox.VcApi;

namespace CredSync.Adapters.Tests.Issuers;

/// <summary>One play issuer with a template, and what a test must know to configure an issuer for it and to look at what it minted.</summary>
internal sealed record RemotePlay
{
    private const string Group = "4711";
    private const string BadgeClass = "kXv2cQ4ZTmG1sQ9Qb1o2Zw";

    public required string Adapter { get; init; }

    public required PlayPlatform Platform { get; init; }

    /// <summary>Settings for the play issuer at an address.</summary>
    public required Func<Uri, object> Options { get; init; }

    public required Func<int> Minted { get; init; }

    public required Func<string, bool> IsRevoked { get; init; }

    public required Func<IssuedCredential, DateTimeOffset?> EarnedAt { get; init; }

    /// <summary>Archives the template; null for an issuer without templates.</summary>
    public Action? Archive { get; init; }

    public required string[] Secrets { get; init; }

    public required string Template { get; init; }

    /// <summary>The operation that mints, as the play issuer's knobs call it.</summary>
    public string Mint { get; init; } = "issue";

    public static IReadOnlyList<string> Adapters { get; } = ["accredible", "badgr", "credly", "ob-api", "vc-api"];

    public static RemotePlay Create(string adapter) => adapter switch
    {
        "accredible" => Accredible(),
        "badgr" => Badgr(),
        "credly" => Credly(),
        "ob-api" => ObApi(),
        "vc-api" => VcApi(),
        _ => throw new ArgumentOutOfRangeException(nameof(adapter)),
    };

    /// <summary>The issuer for the kit, with its play issuer in the same process.</summary>
    public static IssuerUnderTest UnderTest(string adapter)
    {
        RemotePlay sample = Create(adapter);
        return new()
        {
            Create = handler => new IssuerBench(handler).Create(adapter, sample.Options(PlayHandler.AddressOf(sample.Platform.Prefix)), dataFolder: RemoteKeys.Folder),
            Platform = () =>
            {
                RemotePlay play = Create(adapter);
                return new() { Handler = new PlayHandler(play.Platform), Minted = play.Minted, IsRevoked = play.IsRevoked, EarnedAt = play.EarnedAt };
            },
            Request = RemoteRequests.For(sample.Template),
            OptionsType = sample.Options(PlayHandler.AddressOf("x")).GetType(),
            EarnedPrecision = adapter == "accredible" ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(1),
            Secrets = sample.Secrets,
        };
    }

    private static RemotePlay Credly()
    {
        CredlyWorld world = CredlyPlay.World();
        return new()
        {
            Adapter = "credly",
            Platform = new CredlyPlatform(world),
            Options = CredlyPlay.Options,
            Minted = () => world.Badges.Count,
            IsRevoked = id => world.Badges.Single(b => b.Id == id).State == "revoked",
            EarnedAt = issued => world.Badges.Single(b => b.Id == issued.CredentialId).IssuedAt,
            Archive = () => world.SetTemplate(CredlyPlay.Template, "archived"),
            Secrets = [CredlyPlay.Token],
            Template = CredlyPlay.Template,
        };
    }

    private static RemotePlay Accredible()
    {
        AccredibleWorld world = new();
        world.SetGroup(Group);
        return new()
        {
            Adapter = "accredible",
            Platform = new AccrediblePlatform(world),
            Options = address => new AccredibleOptions { ApiKey = RemoteRequests.Secret(world.ApiKey), Address = address, CallsPerMinute = 400 },
            Minted = () => world.Awards.Count,
            IsRevoked = id => world.Awards.Single(a => a.Id == id).ExpiredOn <= DateOnly.FromDateTime(RemoteRequests.For("").IssuedAt.UtcDateTime.AddDays(1)),
            EarnedAt = issued => new DateTimeOffset(world.Awards.Single(a => a.Id == issued.CredentialId).IssuedOn, TimeOnly.MinValue, TimeSpan.Zero),
            Archive = () => world.SetGroup(Group, archived: true),
            Secrets = [world.ApiKey],
            Template = Group,
        };
    }

    private static RemotePlay Badgr()
    {
        BadgrWorld world = new() { PageSize = 2 };
        world.SetBadgeClass(BadgeClass);
        return new()
        {
            Adapter = "badgr",
            Platform = new BadgrPlatform(world),
            Options = address => new BadgrOptions { UserName = RemoteRequests.Secret(world.UserName), Password = RemoteRequests.Secret(world.Password), Address = address, CallsPerMinute = 3000 },
            Minted = () => world.Awards.Count,
            IsRevoked = id => world.Awards.Single(a => a.Id == id).RevocationReason is not null,
            EarnedAt = issued => world.Awards.Single(a => a.Id == issued.CredentialId).IssuedOn,
            Archive = () => world.SetBadgeClass(BadgeClass, archived: true),
            Secrets = [world.UserName, world.Password],
            Template = BadgeClass,
        };
    }

    private static RemotePlay ObApi()
    {
        ObHostWorld world = new();
        return new()
        {
            Adapter = "ob-api",
            Platform = new ObHostPlatform(world),
            Options = address => new ObApiOptions
            {
                Name = "Northwind Academy",
                Url = new("https://badges.northwind.example"),
                Address = new Uri(address, "ims/ob/v3p0"),
                TokenUrl = new Uri(address, "oauth/token"),
                ClientId = RemoteRequests.Secret(world.ClientId),
                ClientSecret = RemoteRequests.Secret(world.ClientSecret),
                RefreshToken = RemoteRequests.Secret(world.RefreshToken),
                CallsPerMinute = 3000,
            },
            Minted = () => world.Credentials.Count,
            IsRevoked = _ => false,
            EarnedAt = issued => Awarded(world.Credentials.Single(c => c.Contains(issued.CredentialId, StringComparison.Ordinal))),
            Secrets = [world.ClientSecret, world.RefreshToken],
            Template = "not-needed",
        };
    }

    private static RemotePlay VcApi()
    {
        VcApiWorld world = new();
        return new()
        {
            Adapter = "vc-api",
            Platform = new VcApiPlatform(world),
            Options = address => new VcApiOptions
            {
                Name = "Northwind Academy",
                Url = new("https://badges.northwind.example"),
                Address = address,
                Tenant = world.Tenant,
                Token = RemoteRequests.Secret(world.Token),
                CallsPerMinute = 6000,
            },
            Minted = () => world.Credentials.Distinct(StringComparer.Ordinal).Count(),
            IsRevoked = world.IsRevoked,
            EarnedAt = issued => Awarded(System.Text.Encoding.UTF8.GetString(issued.Documents.Single().Content.Span)),
            Secrets = [world.Token],
            Template = "not-needed",
        };
    }

    private static DateTimeOffset? Awarded(string credential)
    {
        using JsonDocument json = JsonDocument.Parse(credential);
        return json.RootElement.GetProperty("awardedDate").GetDateTimeOffset();
    }
}

/// <summary>Signing keys that the tests of one process share.</summary>
internal static class RemoteKeys
{
    private static readonly Lazy<string> Made = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("credsync-remote-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    public static string Folder => Made.Value;
}
