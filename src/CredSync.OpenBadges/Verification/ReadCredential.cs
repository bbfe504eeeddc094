using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Baking;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Verification;

/// <summary>A credential taken out of its container.</summary>
internal sealed record ReadCredential(CredentialContainer Container, JsonObject Credential, VcJwtToken? Token)
{
    /// <summary>Reads any container.</summary>
    /// <returns>The credential, or the sentence that says why there is none.</returns>
    public static (ReadCredential? Read, string Sentence) From(ReadOnlyMemory<byte> document)
    {
        try
        {
            ImageFormat format = BakedImage.Format(document.Span);
            if (format != ImageFormat.Other)
            {
                CredentialContainer image = format == ImageFormat.Png ? CredentialContainer.Png : CredentialContainer.Svg;
                return BakedImage.Unbake(document) is { } baked ? From(baked, image) : (null, $"The {Name(image)} carries no credential.");
            }

            if (document.Length > BakedImage.LongestCredential)
            {
                return (null, $"The document is longer than {BakedImage.LongestCredential} bytes.");
            }

            return From(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(document.Span), null);
        }
        catch (BakingException fault)
        {
            return (null, fault.Message);
        }
        catch (ArgumentException)
        {
            return (null, "The document is neither text in UTF-8 nor an image.");
        }
    }

    /// <summary>Reads JSON or a compact JWS.</summary>
    /// <param name="text">The text.</param>
    /// <param name="image">The image that it was in; null when it was in none.</param>
    public static (ReadCredential? Read, string Sentence) From(string text, CredentialContainer? image)
    {
        string trimmed = text.Trim().TrimStart('\uFEFF');
        try
        {
            if (trimmed.StartsWith('{'))
            {
                JsonObject credential = CredentialJson.Parse(Encoding.UTF8.GetBytes(trimmed));
                return (new(image ?? CredentialContainer.Json, credential, null), $"The credential is JSON{In(image)}.");
            }

            VcJwtToken token = VcJwt.Read(trimmed);
            return (new(image ?? CredentialContainer.Jwt, token.Credential, token), $"The credential is a VC-JWT{In(image)}.");
        }
        catch (ProofException fault)
        {
            return (null, fault.Message);
        }
    }

    private static string In(CredentialContainer? image) => image is { } container ? $" baked into a {Name(container)}" : "";

    private static string Name(CredentialContainer image) => image == CredentialContainer.Png ? "PNG" : "SVG";
}
