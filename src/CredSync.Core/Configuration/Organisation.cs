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
}
