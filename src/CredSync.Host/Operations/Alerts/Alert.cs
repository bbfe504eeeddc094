namespace CredSync.Host.Operations.Alerts;

/// <summary>A condition that wants somebody.</summary>
/// <param name="Code">What kind; docs/operating.md has an entry for each.</param>
/// <param name="Target">Of what: a source, an issuer, a cause; empty for the whole.</param>
/// <param name="Sentence">What is wrong, since when, how many.</param>
/// <param name="Screen">The screen that shows it, as a path.</param>
/// <param name="Command">The command that shows or mends it.</param>
internal sealed record Alert(string Code, string Target, string Sentence, string Screen, string Command)
{
    /// <summary>What makes it the same alert as one before.</summary>
    public string Key => $"{Code} {Target}";
}

/// <summary>An alert that began or is over.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="IsOver">Whether it is over.</param>
/// <param name="At">When, UTC.</param>
internal sealed record AlertEvent(Alert Alert, bool IsOver, DateTimeOffset At);
