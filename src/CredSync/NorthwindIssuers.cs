using CredSync.Sandbox;
using CredSync.Sandbox.Accredible;
using CredSync.Sandbox.Badgr;
using CredSync.Sandbox.Credly;
using CredSync.Sandbox.Example;
using CredSync.Sandbox.ObHost;
using CredSync.Sandbox.VcApi;

namespace CredSync;

/// <summary>Northwind's accounts at play issuers, each with a template for every credential of the shipped configuration.</summary>
internal sealed class NorthwindIssuers
{
    private static readonly string[] Definitions = ["data-foundations", "data-practitioner", "fire-warden", "first-aider", "people-leader", "project-lead", "safety-basics", "trusted-colleague", "warehouse-operator"];

    private readonly CredlyWorld credly = new();
    private readonly AccredibleWorld accredible = new();
    private readonly BadgrWorld badgr = new();
    private readonly ObHostWorld wallet = new();
    private readonly VcApiWorld coordinator = new();
    private readonly ExampleWorld example = new();

    /// <summary>Opens the accounts.</summary>
    public NorthwindIssuers()
    {
        foreach (string definition in Definitions)
        {
            credly.SetTemplate(definition);
            accredible.SetGroup(definition);
            badgr.SetBadgeClass(definition);
        }

        for (int number = 1; number <= 12; number++)
        {
            example.Complete($"NW-{1000 + number}", "SAFETY-101", new DateTimeOffset(2026, 1, number, 9, 0, 0, TimeSpan.Zero), 0.5 + (number / 25.0), "Safety at work");
        }

        Platforms = [new CredlyPlatform(credly), new AccrediblePlatform(accredible), new BadgrPlatform(badgr), new ObHostPlatform(wallet), new VcApiPlatform(coordinator), new ExamplePlatform(example)];
    }

    /// <summary>The play issuers.</summary>
    public IReadOnlyList<PlayPlatform> Platforms { get; }

    /// <summary>Where each listens and what it takes, one line each; to be asked for once they are served.</summary>
    public IReadOnlyList<string> Description =>
    [
        $"A play Credly listens at {Platforms[0].Address}v1 (organization {credly.Organization}, token {credly.Token})",
        $"A play Accredible listens at {Platforms[1].Address} (api_key {accredible.ApiKey})",
        $"A play Badgr listens at {Platforms[2].Address} (username {badgr.UserName}, password {badgr.Password})",
        $"A play Open Badges host listens at {Platforms[3].Address}ims/ob/v3p0 (token {wallet.Token})",
        $"A play issuer coordinator listens at {Platforms[4].Address} (tenant {coordinator.Tenant}, token {coordinator.Token})",
        $"A play example service, which the templates of dotnet new speak to, listens at {Platforms[5].Address} (token {example.Token})",
        $"Badge templates are called like the credentials: {string.Join(", ", Definitions)}",
    ];
}
