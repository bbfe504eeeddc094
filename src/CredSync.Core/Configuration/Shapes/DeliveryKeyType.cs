using System.Text.Json.Nodes;
using CredSync.Core.Configuration.Yaml;

namespace CredSync.Core.Configuration.Shapes;

/// <summary>The public key of a sender that signs its deliveries (Standard Webhooks 1.0, asymmetric signatures). Not shown: what stands there by mistake may be the key's secret half.</summary>
internal sealed class DeliveryKeyType : ScalarType
{
    private const string Prefix = "whpk_";

    public override string Expected => "a public key: whpk_ and 32 bytes in base64";

    public override bool MayBeShown => false;

    /// <summary>The key; null when the text is none.</summary>
    public static byte[]? Read(string text)
    {
        var key = new byte[32];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + 44 && Convert.TryFromBase64String(text[Prefix.Length..], key, out int length) && length == key.Length ? key : null;
    }

    public override Problem? Check(ScalarNode scalar) => scalar.Text switch
    {
        _ when Read(scalar.Text) is not null => null,
        _ when scalar.Text.StartsWith("whsk_", StringComparison.Ordinal) => new Problem(
            Codes.InlineSecret, "The sender's private key stands in the file for everybody to read.", "have the sender make a new pair of keys, and write its public key (whpk_…) here"),
        _ when scalar.Text.StartsWith("whsec_", StringComparison.Ordinal) => new Problem(
            Codes.InlineSecret, "A secret stands in the file for everybody to read.", "replace it at its sender, put the new one into the environment or a file, and name that place under 'secrets'"),
        _ => new Problem(Codes.WrongValue, $"This is not {Expected}.", "write the public key as the sender shows it: whpk_ and 44 characters"),
    };

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^whpk_[A-Za-z0-9+/]{43}=$" };
}
