namespace CredSync.Issuers;

/// <summary>An optional power of an issuer: say whether one of its templates can be awarded.</summary>
public interface ITemplateCheckable
{
    /// <summary>Checks a template without changing anything there.</summary>
    /// <param name="template">Id of the template, as a definition names it.</param>
    /// <param name="ct">Cancels the check.</param>
    /// <returns>The result, named <c>template ID</c>. A template that is archived or unknown is a failed check, not an exception.</returns>
    Task<CheckResult> CheckTemplateAsync(string template, CancellationToken ct);
}
