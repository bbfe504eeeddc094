using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;

namespace CredSync.OpenBadges.Verification;

/// <summary>Whether a credential is about the person whom the verifier expects (Open Badges 3.0 section 9.3).</summary>
internal static class RecipientCheck
{
    public static VerificationCheck Check(JsonObject credential, IReadOnlyList<string> recipients)
    {
        JsonObject? subject = credential["credentialSubject"] as JsonObject;
        if (subject is not null && CredentialFacts.Text(subject, "id") is { } id && recipients.Contains(id, StringComparer.Ordinal))
        {
            return new(CheckNames.Recipient, VerificationOutcome.Passed, "The credential is about the person expected.");
        }

        IEnumerable<JsonObject> identifiers = subject?["identifier"] switch
        {
            JsonArray several => several.OfType<JsonObject>(),
            JsonObject one => [one],
            _ => [],
        };
        return identifiers.Any(i => recipients.Any(r => Matches(i, r)))
            ? new(CheckNames.Recipient, VerificationOutcome.Passed, "The credential is about the person expected.")
            : new(CheckNames.Recipient, VerificationOutcome.Failed, "Nothing in the credential shows that it is about the person expected.");
    }

    private static bool Matches(JsonObject identifier, string recipient) => CredentialFacts.Text(identifier, "identityHash") is { } hash
        && new IdentityObject
        {
            Hashed = identifier["hashed"]?.GetValueKind() == JsonValueKind.True,
            IdentityHash = hash,
            IdentityType = CredentialFacts.Text(identifier, "identityType") ?? "",
            Salt = CredentialFacts.Text(identifier, "salt"),
        }.Matches(recipient);
}
