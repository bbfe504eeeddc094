namespace CredSync.Host.Operations.Failures;

/// <summary>What kind of fault a cause is, and so what happens by itself.</summary>
internal enum CauseKind
{
    /// <summary>The other side is away: it is tried again by itself, and everything else for it waits with it.</summary>
    Outage,

    /// <summary>This one item is refused: it is parked alone, and others go on.</summary>
    Poison,

    /// <summary>A setting, a right or a template is wrong: what it concerns waits until it is mended.</summary>
    Configuration,

    /// <summary>It is not known whether the issuer minted: held until somebody has looked.</summary>
    Doubt,

    /// <summary>A person has to decide.</summary>
    Decision,

    /// <summary>A record of a source that cannot be used as it is: set aside, and others go on.</summary>
    Record,
}

/// <summary>What is known about a cause code.</summary>
/// <param name="Code">The code, as in the ledger.</param>
/// <param name="Kind">What kind of fault it is.</param>
/// <param name="Who">Who can fix it.</param>
/// <param name="Meaning">What happened.</param>
/// <param name="ToDo">What to do, then what to run.</param>
internal sealed record Cause(string Code, CauseKind Kind, string Who, string Meaning, string ToDo)
{
    /// <summary>The entry in the runbook.</summary>
    public string Runbook => IsListed ? $"docs/operating.md#{Code}" : "docs/operating.md#a-cause-that-is-not-listed";

    /// <summary>Whether the book lists it.</summary>
    public bool IsListed { get; init; } = true;
}
