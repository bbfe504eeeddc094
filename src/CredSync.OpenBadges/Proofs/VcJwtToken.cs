using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Proofs;

/// <summary>A VC-JWT taken apart, not yet verified.</summary>
public sealed record VcJwtToken
{
    /// <summary>The algorithm of the header, for example <c>RS256</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The <c>kid</c> of the header; null when it has none.</summary>
    public required string? KeyId { get; init; }

    /// <summary>The <c>jwk</c> of the header; null when it has none.</summary>
    public required JsonObject? Jwk { get; init; }

    /// <summary>All claims, as signed.</summary>
    public required JsonObject Claims { get; init; }

    /// <summary>
    /// The credential: the claims without <c>iss jti sub nbf exp iat aud</c>, or, in the form of VCDM 1.1, the <c>vc</c> claim with
    /// <c>id</c> and <c>issuer</c> from the claims where it lacks them.
    /// </summary>
    public required JsonObject Credential { get; init; }

    /// <summary>Whether the token has the form of VCDM 1.1 (a <c>vc</c> claim), which is read but never written.</summary>
    public required bool IsVersionOne { get; init; }

    /// <summary>The signed bytes: header, dot, payload.</summary>
    internal byte[] SigningInput { get; init; } = [];

    /// <summary>The signature.</summary>
    internal byte[] Signature { get; init; } = [];
}
