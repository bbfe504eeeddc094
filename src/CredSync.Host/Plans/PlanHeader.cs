using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CredSync.Core.Plans;

namespace CredSync.Host.Plans;

/// <summary>The head of a plan file: what it is bound to, and its sums.</summary>
internal sealed record PlanHeader
{
    /// <summary>Version of the file's form.</summary>
    public const int CurrentForm = 2;

    public int Form { get; init; } = CurrentForm;

    /// <summary>Hash of everything else here, and so of the whole plan: 16 hexadecimal digits. Empty while it is computed.</summary>
    public string Id { get; init; } = "";

    /// <summary>Revision of the rule book.</summary>
    public required string RuleBook { get; init; }

    /// <summary>The ledger's mark.</summary>
    public required string Ledger { get; init; }

    /// <summary>The present that it was made in, UTC. It is applied in the same one.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    public string? Credential { get; init; }

    public Guid? Person { get; init; }

    public DateOnly? Since { get; init; }

    public DateOnly? Until { get; init; }

    /// <summary>How many changes follow.</summary>
    public required long Changes { get; init; }

    /// <summary>SHA-256 of the changes as they stand in the file.</summary>
    public required string Digest { get; init; }

    public required PlanTotals Totals { get; init; }

    [JsonIgnore]
    public PlanScope Scope => new() { Credential = Credential, Since = Since, Until = Until };

    /// <summary>This header with its id.</summary>
    public PlanHeader WithId() => this with { Id = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Id = "" }, PlanJson.Default.PlanHeader)).AsSpan(0, 8)) };
}

/// <summary>The sums of a plan, as a file and a screen show them.</summary>
internal sealed record PlanTotals
{
    public required long People { get; init; }

    public required long Completions { get; init; }

    public required IReadOnlyList<PlanSum> Award { get; init; }

    public required IReadOnlyList<PlanSum> Hold { get; init; }

    public required IReadOnlyList<PlanSum> Stop { get; init; }

    public required IReadOnlyList<PlanSum> Revise { get; init; }

    public required IReadOnlyList<PlanSum> Expired { get; init; }

    public required IReadOnlyList<PlanSum> Stays { get; init; }

    /// <summary>What stays with dates that it would not be given today.</summary>
    public required IReadOnlyList<PlanSum> StaysDated { get; init; }

    /// <summary>The courses with the most completions that no rule names.</summary>
    public required IReadOnlyList<UnmatchedCourse> Unmatched { get; init; }

    /// <summary>All completions that no rule names.</summary>
    public required long UnmatchedCompletions { get; init; }

    public static PlanTotals Of(PlanSummary summary) => new()
    {
        People = summary.People,
        Completions = summary.Completions,
        Award = Sums(summary, PlanAct.Award),
        Hold = Sums(summary, PlanAct.Hold),
        Stop = Sums(summary, PlanAct.Stop),
        Revise = Sums(summary, PlanAct.Revise),
        Expired = [.. summary.Expired.Select(PlanSum.Of)],
        Stays = [.. summary.Kept.Select(PlanSum.Of)],
        StaysDated = [.. summary.KeptDates.Select(PlanSum.Of)],
        Unmatched = [.. summary.Unmatched.Take(20)],
        UnmatchedCompletions = summary.Unmatched.Sum(u => u.Completions),
    };

    private static IReadOnlyList<PlanSum> Sums(PlanSummary summary, PlanAct act) => [.. summary.Effects.Where(l => l.Act == act).Select(PlanSum.Of)];
}

/// <summary>One sum.</summary>
internal sealed record PlanSum(string Credential, string? Issuer, string? Cause, long Count, DateTimeOffset? FirstEarned, DateTimeOffset? LastEarned, IReadOnlyList<Guid> Samples)
{
    public static PlanSum Of(PlanLine line) => new(line.Credential, line.Issuer.Length == 0 ? null : line.Issuer, line.Cause, line.Issuances, line.FirstEarned, line.LastEarned, line.People);
}

/// <summary>One change, one line of the file.</summary>
internal sealed record PlanEntry(PlanAct Act, string Credential, Guid Person, string Occurrence, string? Issuer, string? Cause, DateTimeOffset? Earned)
{
    public static PlanEntry Of(PlanEffect effect) => new(
        effect.Act, effect.Key.Definition, effect.Key.Subject, effect.Key.Occurrence, effect.Issuer.Length == 0 ? null : effect.Issuer, effect.Cause, effect.EarnedAt);

    public PlanEffect ToEffect() => new()
    {
        Key = new Core.Issuance.IssuanceKey(Credential, Person, Occurrence),
        Act = Act,
        Issuer = Issuer ?? "",
        Cause = Cause,
        EarnedAt = Earned,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, Converters = [typeof(PlanActName)])]
[JsonSerializable(typeof(PlanHeader))]
[JsonSerializable(typeof(PlanEntry))]
internal sealed partial class PlanJson : JsonSerializerContext;

/// <summary>Acts in lower case.</summary>
internal sealed class PlanActName() : JsonStringEnumConverter<PlanAct>(JsonNamingPolicy.CamelCase);
