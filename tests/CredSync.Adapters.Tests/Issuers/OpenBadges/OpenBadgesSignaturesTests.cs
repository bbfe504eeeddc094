using System.Text;
using CredSync.Issuers.OpenBadges;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Adapters.Tests.Issuers.OpenBadges;

/// <summary>Ed25519 signatures on deliveries (Standard Webhooks 1.0, <c>v1a</c>): the key of RFC 8032 section 7.1 test 1, and a delivery that another program signed with it.</summary>
public sealed class OpenBadgesSignaturesTests
{
    private const string Signed = """msg_credsync_0002.1767225600.{"type":"completion.recorded","timestamp":"2026-01-01T00:00:00Z","data":{"id":"c-1"}}""";
    private static readonly byte[] Key = Convert.FromBase64String("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    private static readonly byte[] Signature = Convert.FromBase64String("J6/oHs5F91m1yayQHulUGekR1dhE0Dxvlb7gFTmwPfnWbZJgVfi0G7dwPrcBLF7PoNiTM1+4rk/e6eepKG/gCw==");

    private static IEd25519Verifier Verifier
    {
        get
        {
            var services = new ServiceCollection();
            new Builder(services).AddOpenBadgesIssuer();
            return services.BuildServiceProvider().GetRequiredService<IEd25519Verifier>();
        }
    }

    [Fact]
    public void What_the_key_signed_is_proven_and_nothing_else_is()
    {
        Verifier.Verify(Key, Encoding.UTF8.GetBytes(Signed), Signature).ShouldBeTrue();
        Verifier.Verify(Key, Encoding.UTF8.GetBytes(Signed + " "), Signature).ShouldBeFalse();
        byte[] bent = [.. Signature];
        bent[5] ^= 1;
        Verifier.Verify(Key, Encoding.UTF8.GetBytes(Signed), bent).ShouldBeFalse();
        byte[] other = [.. Key];
        other[0] ^= 1;
        Verifier.Verify(other, Encoding.UTF8.GetBytes(Signed), Signature).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(31, 64)]
    [InlineData(33, 64)]
    [InlineData(32, 0)]
    [InlineData(32, 63)]
    [InlineData(32, 65)]
    public void A_key_or_signature_of_another_length_proves_nothing_and_throws_nothing(int key, int signature) =>
        Verifier.Verify([.. Key.Concat(Key).Take(key)], Encoding.UTF8.GetBytes(Signed), [.. Signature.Concat(Signature).Take(signature)]).ShouldBeFalse();

    private sealed record Builder(IServiceCollection Services) : ICredSyncBuilder;
}
