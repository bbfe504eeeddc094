using CredSync.Core.People;
using CredSync.Core.Rules;

namespace CredSync.Core.Configuration;

/// <summary>A whole configuration without errors. Immutable.</summary>
public sealed record Configuration
{
    /// <summary>Whose it is.</summary>
    public required Organisation Organisation { get; init; }

    /// <summary>How identifiers match people.</summary>
    public required PeoplePolicy People { get; init; }

    /// <summary>What holds where a file does not say otherwise; already applied to the definitions here.</summary>
    public required Defaults Defaults { get; init; }

    /// <summary>How long records of the work itself are kept.</summary>
    public Retention Retention { get; init; } = new();

    /// <summary>The sources, by name.</summary>
    public required IReadOnlyList<SourceDefinition> Sources { get; init; }

    /// <summary>The issuers, by name.</summary>
    public required IReadOnlyList<IssuerDefinition> Issuers { get; init; }

    /// <summary>All credentials and their rules.</summary>
    public required RuleBook RuleBook { get; init; }

    /// <summary>The tests inside the credentials' files; run by <see cref="RuleTests"/>.</summary>
    public required IReadOnlyList<RuleTest> Tests { get; init; }
}

/// <summary>What reading a configuration gave.</summary>
/// <param name="Configuration">The configuration; null when there is an error among the findings.</param>
/// <param name="Findings">All findings, by file, line and column.</param>
public sealed record ConfigurationResult(Configuration? Configuration, IReadOnlyList<Finding> Findings);
