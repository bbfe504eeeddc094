namespace CredSync.Core.Configuration;

/// <summary>A configured source: one file under <c>sources/</c>.</summary>
/// <param name="Name">Its name; part of every completion key.</param>
/// <param name="Adapter">Name of its adapter.</param>
/// <param name="Options">The adapter's options, of its options class.</param>
/// <param name="Every">How often it is read; also when <paramref name="Cron"/> is given, where it only serves as the pace of retries.</param>
/// <param name="Cron">When it is read, as a cron expression of the scheduler in the organisation's time zone; null: by <paramref name="Every"/>.</param>
/// <param name="Paused">Whether it is not read until a person says so.</param>
/// <param name="ExpectedFreshness">After how long without anything new it is reported as stale; null: never.</param>
/// <param name="Position">Where it is written.</param>
public sealed record SourceDefinition(
    string Name, string Adapter, object Options, TimeSpan Every, string? Cron, bool Paused, TimeSpan? ExpectedFreshness, FilePosition Position)
{
    /// <summary>What people must have said before what they earned by its completions is issued.</summary>
    public SourceConsent Consent { get; init; }

    /// <summary>What comes of a known completion that is not there any more, though nothing says that it was taken back.</summary>
    public SourceAbsence Absence { get; init; }

    /// <summary>How many calls a minute its platform may be asked for; null: as many as it takes.</summary>
    public int? CallsPerMinute { get; init; }

    /// <summary>How it takes deliveries; null when it is only polled.</summary>
    public WebhookDefinition? Webhook { get; init; }
}

/// <summary>What comes of a completion that a source does not show any more.</summary>
public enum SourceAbsence
{
    /// <summary>Nothing: people leave, contracts end, rights are lost, and what they completed they completed.</summary>
    Keep,

    /// <summary>It counts as withdrawn once it is missing in two whole readings a day or more apart; each definition says what follows for what was issued.</summary>
    Withdraw,
}

/// <summary>What people must have said before what they earned by a source's completions is issued.</summary>
public enum SourceConsent
{
    /// <summary>They have not refused.</summary>
    NotRefused,

    /// <summary>They said that they consent.</summary>
    Required,

    /// <summary>They consent by using the source; still they may refuse.</summary>
    Given,
}

/// <summary>A configured issuer: one file under <c>issuers/</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Adapter">Name of its adapter.</param>
/// <param name="Options">The adapter's options, of its options class.</param>
/// <param name="ConsentRequired">Whether it takes only people who said that they consent, rather than all who did not refuse.</param>
/// <param name="Position">Where it is written.</param>
public sealed record IssuerDefinition(string Name, string Adapter, object Options, bool ConsentRequired, FilePosition Position);
