using System.Text.Json.Nodes;
using CredSync.OpenBadges.Validation;

namespace CredSync.OpenBadges.Verification;

/// <summary>Everything that was checked about one credential.</summary>
public sealed record VerificationReport
{
    /// <summary>The checks, in the order of <see cref="CheckNames"/>; each name once.</summary>
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    /// <summary>How the credential came.</summary>
    public CredentialContainer Container { get; init; }

    /// <summary>The credential; null when it could not be read. Not to be trusted unless <see cref="Verdict"/> says so. Personal data.</summary>
    public JsonObject? Credential { get; init; }

    /// <summary>What is not as the data model asks, by JSON path.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Reports of the credentials that this one carries: endorsements, and the badges of a learner record.</summary>
    public IReadOnlyList<EmbeddedReport> Embedded { get; init; } = [];

    /// <summary>What all checks together say.</summary>
    public Verdict Verdict => Checks.Any(static c => c.Outcome == VerificationOutcome.Failed) ? Verdict.Refused
        : Checks.Any(static c => c.Outcome == VerificationOutcome.NotChecked) ? Verdict.Undecided
        : Verdict.Verified;

    /// <summary>The check of a name.</summary>
    /// <param name="name">One of <see cref="CheckNames"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such check in this report.</exception>
    public VerificationCheck this[string name] => Checks.FirstOrDefault(c => c.Name == name) ?? throw new KeyNotFoundException($"The report has no check '{name}'.");
}

/// <summary>One check and how it went.</summary>
/// <param name="Name">One of <see cref="CheckNames"/>.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Sentence">What was found, or why it could not be checked; no personal data.</param>
public sealed record VerificationCheck(string Name, VerificationOutcome Outcome, string Sentence);

/// <summary>The report of a credential that another one carries.</summary>
/// <param name="Path">Where it stands, as a JSON path.</param>
/// <param name="Report">Its own report.</param>
public sealed record EmbeddedReport(string Path, VerificationReport Report);

/// <summary>How a check went.</summary>
public enum VerificationOutcome
{
    /// <summary>As it must be.</summary>
    Passed,

    /// <summary>Not as it must be.</summary>
    Failed,

    /// <summary>Could not be checked; the sentence says why.</summary>
    NotChecked,
}

/// <summary>What a report says as a whole.</summary>
public enum Verdict
{
    /// <summary>Every check passed.</summary>
    Verified,

    /// <summary>Nothing failed, but something could not be checked.</summary>
    Undecided,

    /// <summary>A check failed: do not rely on it.</summary>
    Refused,
}

/// <summary>How a credential came.</summary>
public enum CredentialContainer
{
    /// <summary>In no form that can be read.</summary>
    Unreadable,

    /// <summary>As JSON.</summary>
    Json,

    /// <summary>As a compact JWS.</summary>
    Jwt,

    /// <summary>In a PNG.</summary>
    Png,

    /// <summary>In an SVG.</summary>
    Svg,
}

/// <summary>Names of the checks, in the order in which a report has them.</summary>
public static class CheckNames
{
    /// <summary>The credential can be taken out of its file.</summary>
    public const string Container = "container";

    /// <summary>The JSON-LD contexts and their order.</summary>
    public const string Context = "context";

    /// <summary>The types of the credential and its parts.</summary>
    public const string Types = "types";

    /// <summary>Properties, cardinalities, formats, vocabularies.</summary>
    public const string Schema = "schema";

    /// <summary>It says whom it is about.</summary>
    public const string Subject = "subject";

    /// <summary>The signature is that of the named key over exactly this credential.</summary>
    public const string Proof = "proof";

    /// <summary>The key is the issuer's.</summary>
    public const string Key = "key";

    /// <summary>It is valid now.</summary>
    public const string Dates = "dates";

    /// <summary>It was not revoked.</summary>
    public const string Status = "status";

    /// <summary>The credentials that it carries verify.</summary>
    public const string Embedded = "embedded";

    /// <summary>It is about the person whom the verifier expects; only when one was named.</summary>
    public const string Recipient = "recipient";
}
