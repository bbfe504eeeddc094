using System.Text.Json;
using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>An organisation or person: issuer, creator of an achievement, or source of an assessment (class Profile).</summary>
public sealed record Profile : IJsonPart
{
    /// <summary>URI. An issuer's is the controller of the signing key, for example <c>did:web:badges.example.org</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name; give it always. Null when unknown.</summary>
    public string? Name { get; init; }

    /// <summary>Home page; null when there is none.</summary>
    public string? Url { get; init; }

    /// <summary>Telephone number; null when not given.</summary>
    public string? Phone { get; init; }

    /// <summary>What it is; null when not given.</summary>
    public string? Description { get; init; }

    /// <summary>Logo or portrait; null when there is none.</summary>
    public Image? Image { get; init; }

    /// <summary>E-mail address; null when not given.</summary>
    public string? Email { get; init; }

    /// <summary>Postal address; null when not given.</summary>
    public Address? Address { get; init; }

    /// <summary>Further identifiers.</summary>
    public IReadOnlyList<IdentifierEntry> OtherIdentifiers { get; init; } = [];

    /// <summary>Name of the person who answers for it; null when not given.</summary>
    public string? Official { get; init; }

    /// <summary>The organisation above it; null when there is none.</summary>
    public Profile? ParentOrg { get; init; }

    /// <summary>Names and date of birth, when the profile is a person's; null for an organisation.</summary>
    public PersonName? Person { get; init; }

    /// <summary>Signed endorsements of it, exactly as their issuers made them.</summary>
    public IReadOnlyList<JsonElement> Endorsements { get; init; } = [];

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Text("id", Id)
        .Types("Profile")
        .Text("name", Name)
        .Text("url", Url)
        .Text("phone", Phone)
        .Text("description", Description)
        .Part("image", Image)
        .Text("email", Email)
        .Part("address", Address)
        .Parts("otherIdentifier", OtherIdentifiers)
        .Text("official", Official)
        .Part("parentOrg", ParentOrg)
        .Text("familyName", Person?.FamilyName)
        .Text("givenName", Person?.GivenName)
        .Text("additionalName", Person?.AdditionalName)
        .Text("patronymicName", Person?.PatronymicName)
        .Text("honorificPrefix", Person?.HonorificPrefix)
        .Text("honorificSuffix", Person?.HonorificSuffix)
        .Text("familyNamePrefix", Person?.FamilyNamePrefix)
        .Date("dateOfBirth", Person?.DateOfBirth)
        .Documents("endorsement", Endorsements);
}

/// <summary>Names of a person, as a profile carries them. Personal data; every part is null when not given.</summary>
public sealed record PersonName
{
    /// <summary>Family name.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Given name.</summary>
    public string? GivenName { get; init; }

    /// <summary>Further given names.</summary>
    public string? AdditionalName { get; init; }

    /// <summary>Patronymic name.</summary>
    public string? PatronymicName { get; init; }

    /// <summary>Title before the name.</summary>
    public string? HonorificPrefix { get; init; }

    /// <summary>Title after the name.</summary>
    public string? HonorificSuffix { get; init; }

    /// <summary>Prefix of the family name, for example <c>van der</c>.</summary>
    public string? FamilyNamePrefix { get; init; }

    /// <summary>Date of birth.</summary>
    public DateOnly? DateOfBirth { get; init; }
}
