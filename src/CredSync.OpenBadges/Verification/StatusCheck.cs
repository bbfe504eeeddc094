using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Status;

namespace CredSync.OpenBadges.Verification;

/// <summary>Whether a credential was revoked (Open Badges 3.0 section 9.1; W3C Bitstring Status List 1.0, section 3.2).</summary>
internal static class StatusCheck
{
    public static async Task<VerificationCheck> CheckAsync(
        JsonObject credential, VerificationSession session, Func<ReadCredential, CancellationToken, Task<VerificationReport>> verifyList, CancellationToken ct)
    {
        switch (credential["credentialStatus"])
        {
            case null:
                return Passed("The credential names no status list; it cannot be revoked.");
            case JsonObject status when CredentialFacts.Text(status, "type") == "BitstringStatusListEntry":
                return await BitstringAsync(status, CredentialFacts.Issuer(credential), session, verifyList, ct).ConfigureAwait(false);
            case JsonObject status when CredentialFacts.Text(status, "type") == "1EdTechRevocationList":
                return await RevocationListAsync(status, CredentialFacts.Text(credential, "id"), session, ct).ConfigureAwait(false);
            case JsonObject:
                return NotChecked("The credential has a status of a type that is not known here.");
            default:
                return Failed("The status of the credential is not an object.");
        }
    }

    private static async Task<VerificationCheck> BitstringAsync(
        JsonObject status, string? issuer, VerificationSession session, Func<ReadCredential, CancellationToken, Task<VerificationReport>> verifyList, CancellationToken ct)
    {
        if (CredentialFacts.Text(status, "statusListCredential") is not { } address || Index(status) is not { } index)
        {
            return Failed("The status entry lacks its list or has no valid index.");
        }

        if (CredentialFacts.Text(status, "statusPurpose") is null)
        {
            return Failed("The status entry does not say what it is for.");
        }

        (byte[]? document, string? missing) = await session.FetchAsync(address, ct).ConfigureAwait(false);
        if (document is not { } bytes)
        {
            return NotChecked($"The status list could not be had: {missing}");
        }

        (ReadCredential? list, string sentence) = ReadCredential.From(bytes);
        if (list is null)
        {
            return NotChecked($"The status list cannot be read: {sentence}");
        }

        VerificationReport report = await verifyList(list, ct).ConfigureAwait(false);
        if (report.Verdict != Verdict.Verified)
        {
            VerificationCheck first = report.Checks.First(c => c.Outcome == (report.Verdict == Verdict.Refused ? VerificationOutcome.Failed : VerificationOutcome.NotChecked));
            return NotChecked($"The status list does not verify ({first.Name}): {first.Sentence}");
        }

        if (CredentialFacts.Issuer(list.Credential) != issuer)
        {
            return NotChecked("The status list is of another issuer than the credential.");
        }

        // A host that hands out another list of the same issuer would make the revoked look valid. What a list under a wrong name says is revoked is taken for it.
        VerificationCheck found = Look(list.Credential, status, index);
        return found.Outcome == VerificationOutcome.Passed && CredentialFacts.Text(list.Credential, "id") is { } id && id != address
            ? NotChecked("The status list is another one than the entry names.")
            : found;
    }

    private static VerificationCheck Look(JsonObject list, JsonObject status, long index)
    {
        if (list["credentialSubject"] is not JsonObject subject || CredentialFacts.Text(subject, "encodedList") is not { } encoded)
        {
            return NotChecked("The status list has no encoded list.");
        }

        string? purpose = CredentialFacts.Text(status, "statusPurpose");
        if (!Purposes(subject["statusPurpose"]).Contains(purpose))
        {
            return NotChecked("The status list is for another purpose than the entry.");
        }

        if (status["statusSize"] is { } size && size.ToJsonString() != "1")
        {
            return NotChecked("The status entry has more than one bit; such entries are not known here.");
        }

        try
        {
            BitstringStatusList bits = BitstringStatusList.Decode(encoded);
            if (index >= bits.Length)
            {
                return NotChecked("The status index is outside the list.");
            }

            return !bits[(int)index] ? Passed("The credential is not revoked.") : purpose switch
            {
                "revocation" => Failed("The credential was revoked."),
                "suspension" => Failed("The credential is suspended."),
                _ => Passed("The status of the credential is set, but for a purpose that does not end it."),
            };
        }
        catch (StatusListException fault)
        {
            return NotChecked(fault.Message);
        }
    }

    private static async Task<VerificationCheck> RevocationListAsync(JsonObject status, string? id, VerificationSession session, CancellationToken ct)
    {
        if (CredentialFacts.Text(status, "id") is not { } address || id is null)
        {
            return Failed("The status entry or the credential has no id.");
        }

        (JsonObject? list, string? missing) = await session.FetchJsonAsync(address, ct).ConfigureAwait(false);
        if (list is null)
        {
            return NotChecked($"The revocation list could not be had: {missing}");
        }

        if (list["revokedCredential"] is not JsonArray entries)
        {
            return NotChecked("The revocation list has no entries that can be read.");
        }

        bool revoked = entries.OfType<JsonObject>().Any(e => CredentialFacts.Text(e, "id") == id && e["revoked"]?.GetValueKind() != JsonValueKind.False);
        return revoked ? Failed("The credential was revoked.") : Passed("The credential is not revoked.");
    }

    private static IEnumerable<string?> Purposes(JsonNode? purpose) => purpose is JsonArray several
        ? several.Select(static p => p?.GetValueKind() == JsonValueKind.String ? p.GetValue<string>() : null)
        : [purpose?.GetValueKind() == JsonValueKind.String ? purpose.GetValue<string>() : null];

    private static long? Index(JsonObject status) =>
        status["statusListIndex"] is JsonValue value
        && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long index)
            ? index
            : null;

    private static VerificationCheck Passed(string sentence) => new(CheckNames.Status, VerificationOutcome.Passed, sentence);

    private static VerificationCheck Failed(string sentence) => new(CheckNames.Status, VerificationOutcome.Failed, sentence);

    private static VerificationCheck NotChecked(string sentence) => new(CheckNames.Status, VerificationOutcome.NotChecked, sentence);
}
