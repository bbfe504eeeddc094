namespace CredSync;

/// <summary>An optional power of a source or issuer: prove address, credentials and rights before anything is asked of it.</summary>
public interface ICheckable
{
    /// <summary>Checks everything that can be checked without changing anything there.</summary>
    /// <param name="ct">Cancels the check.</param>
    /// <returns>Every check with its result, in the order in which a person would mend them. A failed check is a result, not an exception.</returns>
    Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct);
}

/// <summary>The result of one check.</summary>
/// <param name="Name">Short name, for example <c>token</c> or <c>moodle/user:viewdetails</c>.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Sentence">What was found, in one sentence.</param>
/// <param name="Remedy">What to do about it; null when nothing is to be done.</param>
public sealed record CheckResult(string Name, CheckOutcome Outcome, string Sentence, string? Remedy = null);

/// <summary>How a check went.</summary>
public enum CheckOutcome
{
    /// <summary>As it should be.</summary>
    Passed,

    /// <summary>Works, but not as it should.</summary>
    Warning,

    /// <summary>Does not work.</summary>
    Failed,

    /// <summary>Could not be checked, for example because an earlier check failed.</summary>
    NotChecked,
}
