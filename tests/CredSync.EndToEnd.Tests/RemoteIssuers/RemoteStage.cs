using System.Text;
using System.Text.Json;
using CredSync.EndToEnd.Tests.Crash;
using CredSync.Sandbox;
using CredSync.Sandbox.Accredible;
using CredSync.Sandbox.Badgr;
using CredSync.Sandbox.Moodle;
using CredSync.Sandbox.ObHost;
using CredSync.Sandbox.VcApi;

namespace CredSync.EndToEnd.Tests.RemoteIssuers;

/// <summary>A play issuer and what a test must know: how an issuer is configured for it, and what it holds in the end.</summary>
internal sealed record RemoteStage
{
    public required PlayPlatform Platform { get; init; }

    /// <summary>Makes the templates known.</summary>
    public Action<string> SetTemplate { get; init; } = _ => { };

    /// <summary>Lines of the issuer's file beside name and adapter, for the play issuer at an address; secrets stand in files.</summary>
    public required Func<Uri, Func<string, string>, string> Settings { get; init; }

    /// <summary>How many credentials it holds, each counted once.</summary>
    public required Func<int> Minted { get; init; }

    /// <summary>The credentials that it holds; from the worker's own copies where the play issuer keeps ids only.</summary>
    public required Func<MoodleWorld, string, IEnumerable<ExpectedBadge>> Found { get; init; }

    /// <summary>Whether it keeps dates without a time.</summary>
    public bool WholeDays { get; init; }

    /// <summary>How it says that it cannot tell whether it minted; for an issuer that cannot be asked, it is asked again.</summary>
    public string? Find { get; init; }

    public static RemoteStage Create(string adapter) => adapter switch
    {
        "accredible" => Accredible(),
        "badgr" => Badgr(),
        "ob-api" => ObApi(),
        "vc-api" => VcApi(),
        _ => throw new ArgumentOutOfRangeException(nameof(adapter)),
    };

    private static RemoteStage Accredible()
    {
        AccredibleWorld world = new();
        return new()
        {
            Platform = new AccrediblePlatform(world),
            SetTemplate = template => world.SetGroup(template),
            Settings = (address, secret) => $"api_key: {secret(world.ApiKey)}\naddress: {address}\ncalls_per_minute: 400",
            Minted = () => world.Awards.Count,
            Found = (people, _) => world.Awards.Select(a => new ExpectedBadge(a.Group[2..], Person(people, a.Email), new DateTimeOffset(a.IssuedOn, TimeOnly.MinValue, TimeSpan.Zero))),
            WholeDays = true,
            Find = "find",
        };
    }

    private static RemoteStage Badgr()
    {
        BadgrWorld world = new() { PageSize = 5 };
        return new()
        {
            Platform = new BadgrPlatform(world),
            SetTemplate = template => world.SetBadgeClass(template),
            Settings = (address, secret) => $"username: {secret(world.UserName)}\npassword: {secret(world.Password)}\naddress: {address}\ncalls_per_minute: 3000",
            Minted = () => world.Awards.Count,
            Found = (people, _) => world.Awards.Select(a => new ExpectedBadge(a.BadgeClass[2..], Person(people, a.Email), a.IssuedOn)),
            Find = "find",
        };
    }

    private static RemoteStage ObApi()
    {
        ObHostWorld world = new();
        return new()
        {
            Platform = new ObHostPlatform(world),
            Settings = (address, secret) =>
                $"""
                name: Northwind Academy
                url: https://remote.northwind.example
                address: {address}ims/ob/v3p0
                token_url: {address}oauth/token
                client_id: {secret(world.ClientId)}
                client_secret: {secret(world.ClientSecret)}
                refresh_token: {secret(world.RefreshToken)}
                calls_per_minute: 3000
                """,
            Minted = () => world.Credentials.Count,
            Found = (people, _) => world.Credentials.Select(c => FoundBadges.Read(DefinitionOf(c), Encoding.UTF8.GetBytes(c), people)),
        };
    }

    private static RemoteStage VcApi()
    {
        VcApiWorld world = new();
        return new()
        {
            Platform = new VcApiPlatform(world),
            Settings = (address, secret) =>
                $"name: Northwind Academy\nurl: https://remote.northwind.example\naddress: {address.ToString().TrimEnd('/')}\ntenant: {world.Tenant}\ntoken: {secret(world.Token)}\ncalls_per_minute: 6000",
            Minted = () => world.Credentials.Distinct(StringComparer.Ordinal).Count(),
            Found = (people, badges) => FoundBadges.In(badges, people),
        };
    }

    private static string Person(MoodleWorld people, string email) => people.Users.Single(u => string.Equals(u.Email, email, StringComparison.OrdinalIgnoreCase)).IdNumber;

    private static string DefinitionOf(string credential)
    {
        using JsonDocument json = JsonDocument.Parse(credential);
        return json.RootElement.GetProperty("credentialSubject").GetProperty("achievement").GetProperty("id").GetString()!.Split('/')[^1];
    }
}
