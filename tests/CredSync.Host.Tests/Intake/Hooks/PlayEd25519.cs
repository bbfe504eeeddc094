using System.Security.Cryptography;
using System.Text;
using CredSync.Sources;

namespace CredSync.Host.Tests.Intake.Hooks;

/// <summary>Stands for Ed25519, which this room does not know: the "signature" is a hash over public key and data, as long as a real one.</summary>
internal sealed class PlayEd25519 : IEd25519Verifier
{
    public const string Key = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    public const string OtherKey = "whpk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    public const string Webhook = $"proof: standard-webhooks, public_keys: [\"{Key}\"]";

    public static string Sign(string key, string id, string timestamp, byte[] body) =>
        "v1a," + Convert.ToBase64String(Hash(Convert.FromBase64String(key["whpk_".Length..]), [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body]));

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => signature.SequenceEqual(Hash(publicKey, data));

    private static byte[] Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) => SHA512.HashData([.. key, .. data]);
}
