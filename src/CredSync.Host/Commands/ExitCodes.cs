namespace CredSync.Host.Commands;

/// <summary>The exit codes of every command.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Done, and something was found: lint findings, a check that failed to be perfect, a credential that does not verify.</summary>
    public const int Findings = 1;

    /// <summary>The command line or the configuration is wrong; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>Of <c>plan</c> only: nothing is wrong, and something would change.</summary>
    public const int WouldChange = 2;

    /// <summary>Something that is needed cannot be reached: a platform, an issuer, a database, the queue.</summary>
    public const int Unreachable = 3;

    /// <summary>Work was refused, or is in doubt and waits for a person.</summary>
    public const int Refused = 4;

    /// <summary>A defect of CredSync itself; what it printed should be reported.</summary>
    public const int Defect = 70;
}
