using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Images;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Verification;

namespace CredSync.Issuers.OpenBadges;

/// <summary>What a credential's page shows: read from the signed credential alone, so that nothing stands there that was not signed, and what verifying it gave.</summary>
internal sealed record OpenBadgesShown
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Issuer { get; init; }

    public string? IssuerUrl { get; init; }

    /// <summary>The learner's name; null unless it stands in the credential, which only the issuer's setting puts there.</summary>
    public string? Learner { get; init; }

    public DateTimeOffset? Earned { get; init; }

    public DateTimeOffset? Issued { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public string? Criteria { get; init; }

    public string? CriteriaUrl { get; init; }

    public string? Result { get; init; }

    public required IReadOnlyList<ShownLink> Skills { get; init; }

    public required IReadOnlyList<ShownLink> Evidence { get; init; }

    public required IReadOnlyList<string> Forms { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevocationReason { get; init; }

    public required bool HasExpired { get; init; }

    public required VerificationReport Report { get; init; }

    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>Reads and verifies a credential, as a stranger would with what is published here.</summary>
    public static async Task<OpenBadgesShown> OfAsync(KeptCredential kept, IIssuerRecords records, string address, DateTimeOffset now, CancellationToken ct)
    {
        ReadOnlyMemory<byte> secured = (kept.Credential.Documents.FirstOrDefault(static d => d.Extension == "json") ?? kept.Credential.Documents.First(static d => d.Extension == "jwt")).Content;
        JsonObject[] keys = await records.DocumentAsync(OpenBadgesPaths.Did, ct).ConfigureAwait(false) is { } did ? [CredentialJson.Parse(did.Content.Span)] : [];
        var verifier = new CredentialVerifier(new OneMoment(now), new() { DidDocuments = keys, Documents = new OpenBadgesRecordsSource(records, address) });
        VerificationReport report = await verifier.VerifyAsync(secured, ct).ConfigureAwait(false);
        JsonObject credential = Read(kept);
        JsonObject? subject = credential["credentialSubject"] as JsonObject;
        JsonObject? achievement = subject?["achievement"] as JsonObject;
        JsonObject? issuer = credential["issuer"] as JsonObject;
        DateTimeOffset? expires = Time(credential, "validUntil");
        return new OpenBadgesShown
        {
            Id = kept.Credential.CredentialId,
            Name = Text(credential, "name") ?? Text(achievement, "name") ?? "Badge",
            Description = Text(achievement, "description") ?? "",
            Issuer = Text(issuer, "name") ?? Text(issuer, "id") ?? "",
            IssuerUrl = WebAddress(Text(issuer, "url")),
            Learner = Each(subject?["identifier"]).FirstOrDefault(static i => Text(i, "identityType") == "name" && i["hashed"]?.GetValueKind() == JsonValueKind.False) is { } name ? Text(name, "identityHash") : null,
            Earned = Time(credential, "awardedDate"),
            Issued = Time(credential, "validFrom"),
            Expires = expires,
            Criteria = Text(achievement?["criteria"] as JsonObject, "narrative"),
            CriteriaUrl = WebAddress(Text(achievement?["criteria"] as JsonObject, "id")),
            Result = Each(subject?["result"]).Select(static r => Text(r, "value")).FirstOrDefault(static v => v is not null) is { } value ? ResultOf(value, achievement) : null,
            Skills =
            [
                .. Each(achievement?["alignment"]).Select(static a => new ShownLink(Text(a, "targetName") ?? "", WebAddress(Text(a, "targetUrl")), Text(a, "targetFramework"))),
                .. (achievement?["tag"] as JsonArray ?? []).Select(static t => new ShownLink(t?.ToString() ?? "", null, null)),
            ],
            Evidence = [.. Each(credential["evidence"]).Select(static e => new ShownLink(Text(e, "name") ?? "Evidence", WebAddress(Text(e, "id")), Text(e, "narrative")))],
            Forms = [.. ((string[])["json", "jwt"]).Where(f => kept.Credential.Documents.Any(d => d.Extension == f)), "png", "svg"],
            RevokedAt = kept.RevokedAt,
            RevocationReason = kept.RevocationReason,
            HasExpired = expires is { } end && end <= now,
            Report = report,
            CheckedAt = now,
        };
    }

    /// <summary>The credential inside what was kept.</summary>
    public static JsonObject Read(KeptCredential kept) => kept.Credential.Documents.FirstOrDefault(static d => d.Extension == "json") is { } json
        ? CredentialJson.Parse(json.Content.Span)
        : VcJwt.Read(Encoding.ASCII.GetString(kept.Credential.Documents.First(static d => d.Extension == "jwt").Content.Span)).Credential;

    /// <summary>What its picture looks like.</summary>
    public static BadgeDesign Design(JsonObject credential, IIssuerRecords records, OpenBadgesOptions options)
    {
        JsonObject? achievement = credential["credentialSubject"]?["achievement"] as JsonObject;
        string definition = Uri.UnescapeDataString((Text(achievement, "id") ?? "").Split('/')[^1]);
        return new() { Name = Text(achievement, "name") ?? "Badge", Organisation = options.Name, Colour = records.Definition(definition)?.Colour ?? options.Colour };
    }

    private static string ResultOf(string value, JsonObject? achievement) =>
        Each(achievement?["resultDescription"]).Any(static d => Text(d, "resultType") == "Percent") ? value + " %" : value;

    private static IEnumerable<JsonObject> Each(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static string? Text(JsonObject? node, string name) => node?[name] is { } value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static DateTimeOffset? Time(JsonObject node, string name) =>
        DateTimeOffset.TryParse(Text(node, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    // Only what a browser may be sent to.
    private static string? WebAddress(string? url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" ? url : null;

    private sealed class OneMoment(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>A name with the page that it may lead to, and what may be said about it.</summary>
internal sealed record ShownLink(string Name, string? Url, string? Detail);
