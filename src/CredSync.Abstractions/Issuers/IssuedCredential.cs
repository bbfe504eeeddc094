namespace CredSync.Issuers;

/// <summary>A credential that was minted.</summary>
public sealed record IssuedCredential
{
    /// <summary>The issuer's id of it: a URI for Open Badges, an opaque id elsewhere.</summary>
    public required string CredentialId { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Where people can see it; null when there is no page.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>The credential itself, in one or more forms; empty when the issuer keeps it.</summary>
    public IReadOnlyList<CredentialDocument> Documents { get; init; } = [];

    /// <summary>What goes into the issuer's transparency log for this credential, a hash without personal data; null when it is not logged.</summary>
    public ReadOnlyMemory<byte>? LogEntry { get; init; }
}

/// <summary>A credential in one form.</summary>
/// <param name="MediaType">For example <c>application/vc+ld+json</c> or <c>application/jwt</c>.</param>
/// <param name="Extension">File name extension without the dot, for example <c>json</c>, <c>jwt</c>, <c>png</c>.</param>
/// <param name="Content">The bytes.</param>
public sealed record CredentialDocument(string MediaType, string Extension, ReadOnlyMemory<byte> Content);
