using CredSync.Conformance.Issuers;
using CredSync.Issuers;
using CredSync.Issuers.Credly;
using CredSync.Sandbox.Credly;

namespace CredSync.Adapters.Tests.Issuers.Credly;

/// <summary>A play Credly with one template, and an issuer that is configured for it.</summary>
internal static class CredlyPlay
{
    public const string Template = "1f0c52a2-9a52-4d0a-8a55-0a3f3f3f1b01";
    public const string Token = "play-credly-token-5521";

    public static IssuanceRequest Request => RemoteRequests.For(Template);

    public static CredlyWorld World()
    {
        CredlyWorld world = new() { Token = Token };
        world.SetTemplate(Template);
        return world;
    }

    public static CredlyOptions Options(Uri? address = null) => new()
    {
        Organization = new CredlyWorld().Organization,
        Token = RemoteRequests.Secret(Token),
        Address = new Uri(address ?? PlayHandler.AddressOf("credly"), "v1"),
        CallsPerMinute = 3000,
    };

    public static IssuerUnderTest UnderTest() => new()
    {
        Create = handler => new IssuerBench(handler).Create("credly", Options()),
        Platform = () =>
        {
            CredlyWorld world = World();
            return new IssuerPlatform
            {
                Handler = new PlayHandler(new CredlyPlatform(world)),
                Minted = () => world.Badges.Count,
                IsRevoked = id => world.Badges.Single(b => b.Id == id).State == "revoked",
                EarnedAt = issued => world.Badges.Single(b => b.Id == issued.CredentialId).IssuedAt,
            };
        },
        Request = Request,
        OptionsType = typeof(CredlyOptions),
        Secrets = [Token],
    };
}
