namespace CredSync.Core.Configuration;

/// <summary>Whose configuration it is.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="TimeZone">Id of the time zone in which its days and years begin, for example <c>Europe/Madrid</c>. Default <c>UTC</c>.</param>
/// <param name="Namespace">
/// The namespace under which its people's subject ids are derived; from the <c>namespace</c> of <c>credsync.yaml</c>, usually its domain name.
/// Changing it makes everybody a new person.
/// </param>
public sealed record Organisation(string Name, string TimeZone, Guid Namespace);

/// <summary>What holds for every connection and credential whose file does not say otherwise.</summary>
public sealed record Defaults
{
    /// <summary>Name of the issuer of credentials that name none; null: each must name one, unless there is only one issuer.</summary>
    public string? Issuer { get; init; }

    /// <summary>How often a source is read. Default 15 minutes.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After how long without anything new a source is reported as stale; null: never.</summary>
    public TimeSpan? ExpectedFreshness { get; init; }

    /// <summary>What happens to an issued credential when the completion behind it is withdrawn or revoked. Default: a person is asked.</summary>
    public Rules.RevocationPolicy OnRevoked { get; init; }

    /// <summary>How long what earned a credential may still be put right before <see cref="OnRevoked"/> acts. Default: not at all.</summary>
    public TimeSpan Grace { get; init; }
}

/// <summary>How long records of the work itself are kept. Completions, people and issuances are kept for ever: nothing is issued twice.</summary>
public sealed record Retention
{
    /// <summary>Each reading of a source. Default 400 days.</summary>
    public TimeSpan Runs { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Records that could not be read, from the last time they came. Default 400 days.</summary>
    public TimeSpan SetAside { get; init; } = TimeSpan.FromDays(400);
}
