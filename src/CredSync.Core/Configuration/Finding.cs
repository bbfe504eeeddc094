namespace CredSync.Core.Configuration;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>The configuration is not used: it would not do what it says.</summary>
    Error,

    /// <summary>It works, but probably not as meant.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}

/// <summary>Something found in a configuration file. Never holds the value of a secret.</summary>
/// <param name="Code">Stable code, for example <c>CFG010</c>; explained in <c>docs/lint.md</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="File">The file as it was named when it was read; <c>override</c> for a value given from outside the files.</param>
/// <param name="Line">Line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column in characters, from 1; 0 when the whole file is meant.</param>
/// <param name="Sentence">What is wrong, in one sentence.</param>
/// <param name="Suggestion">What to write instead; null when there is nothing better to say.</param>
public sealed record Finding(string Code, Severity Severity, string File, int Line, int Column, string Sentence, string? Suggestion);
