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

    public static CredlyOptions Options(Uri address) => new()
    {
        Organization = new CredlyWorld().Organization,
        Token = RemoteRequests.Secret(Token),
        Address = new Uri(address, "v1"),
        CallsPerMinute = 3000,
    };
}
