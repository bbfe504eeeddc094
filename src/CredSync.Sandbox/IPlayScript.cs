namespace CredSync.Sandbox;

/// <summary>Events that are played one after the other.</summary>
internal interface IPlayScript
{
    /// <summary>How many events there are.</summary>
    int Count { get; }

    /// <summary>How many were played.</summary>
    int Position { get; }

    /// <summary>When the next event happens; null when the script is over.</summary>
    DateTimeOffset? NextAt { get; }

    /// <summary>Plays the next event.</summary>
    /// <returns>What happened, in words; null when the script is over.</returns>
    string? Advance();
}
