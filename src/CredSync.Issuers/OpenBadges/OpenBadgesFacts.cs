using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Status;

namespace CredSync.Issuers.OpenBadges;

/// <summary>What the mapping must know of the issuer, and the pseudonyms that only this issuer can derive.</summary>
internal sealed class OpenBadgesFacts
{
    private readonly byte[] secret;
    private readonly Guid subjects;
    private readonly Guid achievements;
    private readonly StatusAllocation places;

    /// <param name="profile">The issuer as it stands on each credential.</param>
    /// <param name="address">Base address without a trailing slash; null when it has none.</param>
    /// <param name="secret">At least 32 bytes that nobody else knows.</param>
    /// <param name="showsName">Whether the learner's name stands on each credential.</param>
    public OpenBadgesFacts(Profile profile, string? address, byte[] secret, bool showsName = false)
    {
        ShowsName = showsName;
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 32);
        Profile = profile;
        Address = address;
        this.secret = secret;
        // A namespace that nobody else can compute: without it a subject id could be recomputed from the person's id and linked across issuers.
        subjects = new Guid(Derive("subject", []).AsSpan(0, 16), bigEndian: true);
        achievements = NameBasedUuid.Create(UrlSpace, profile.Id);
        places = new(Derive("status", []));
    }

    // The namespace for URLs of RFC 9562 section 6.6; the issuer's id is a URI.
    private static readonly Guid UrlSpace = new("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    public Profile Profile { get; }

    public string? Address { get; }

    public bool ShowsName { get; }

    /// <summary>
    /// The id of one issuance's credential: the same each time. The address cannot be guessed without the secret: an issuance id can be computed by whoever knows the person's
    /// identifiers, and would then lead to what they earned.
    /// </summary>
    public string CredentialId(Guid issuanceId) => Address is null
        ? Urn(issuanceId)
        : $"{Address}/credentials/{Base64Url.EncodeToString(Derive("credential", issuanceId.ToByteArray(bigEndian: true)).AsSpan(0, 16))}";

    /// <summary>The status entry of the credential with a number; null when it has none, or there is no address to publish a list at.</summary>
    public StatusEntry? Status(long? number) => number is { } n && Address is not null && places.Place(n) is var place
        ? StatusEntry.Bitstring($"{Address}{OpenBadgesStatusLists.PathOf(place.List)}", place.Index)
        : null;

    /// <summary>A mark by which workers tell that they have the same secret; it says nothing about it.</summary>
    public byte[] Mark() => Derive("mark", []);

    /// <summary>The place of a number in the status lists.</summary>
    public StatusPlace Place(long number) => places.Place(number);

    /// <summary>How many numbers a status list takes.</summary>
    public int ListLength => places.Length;

    public string AchievementId(string definition) => Address is null
        ? Urn(NameBasedUuid.Create(achievements, definition))
        : AchievementId(Address, definition);

    /// <summary>The id of a definition below a public address.</summary>
    public static string AchievementId(string address, string definition) => $"{address}/achievements/{Uri.EscapeDataString(definition)}";

    public string ResultDescriptionId(string definition) => Address is null
        ? Urn(NameBasedUuid.Create(achievements, definition + "#result"))
        : $"{AchievementId(definition)}#result";

    public string SubjectId(Guid person) => Urn(NameBasedUuid.Create(subjects, person.ToString("D")));

    /// <summary>The id of a record of a person that was compiled at a time.</summary>
    public string RecordId(Guid person, DateTimeOffset at) => Urn(NameBasedUuid.Create(subjects, $"record {person:D} {at.UtcDateTime:yyyyMMddHHmmss}"));

    /// <summary>The salt of one issuance: the same each time it is asked for, and unguessable without the secret.</summary>
    public string Salt(Guid issuanceId) => Base64Url.EncodeToString(Derive("salt", issuanceId.ToByteArray(bigEndian: true)).AsSpan(0, 16));

    private static string Urn(Guid id) => $"urn:uuid:{id:D}";

    private byte[] Derive(string purpose, ReadOnlySpan<byte> input) =>
        HMACSHA256.HashData(secret, (byte[])[.. Encoding.UTF8.GetBytes(purpose), 0, .. input]);
}
