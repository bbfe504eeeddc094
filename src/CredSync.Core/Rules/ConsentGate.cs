using CredSync.Completions;
using CredSync.Core.Configuration;
using CredSync.Core.People;

namespace CredSync.Core.Rules;

/// <summary>
/// Whether what a person earned may leave. A refusal anywhere keeps it back: on the platform, or in the directory for this issuer or for all. Where the issuer or
/// the source asks for it, somebody must also have said yes.
/// </summary>
/// <param name="setting">What issuers and sources ask for.</param>
/// <param name="history">The person.</param>
internal sealed class ConsentGate(RuleBookSetting setting, PersonHistory history)
{
    /// <summary>The cause for which it is held; null when it may leave.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="issuer">Place of the issuer among the definition's.</param>
    /// <param name="chosen">The facts that earn it.</param>
    public string? CauseOf(CompiledDefinition definition, int issuer, List<Choice> chosen)
    {
        bool? listed = Listed(definition.Definition.Issuers[issuer].Issuer);
        if (listed == false)
        {
            return HoldCauses.ConsentMissing;
        }

        bool asks = definition.AsksForConsent[issuer];
        foreach (Choice choice in chosen)
        {
            if (choice.Completion is { } completion && !MayLeave(completion, asks, listed == true))
            {
                return HoldCauses.ConsentMissing;
            }
        }

        return null;
    }

    private bool MayLeave(Completion completion, bool asks, bool listed)
    {
        if (completion.ConsentGiven is { } said)
        {
            return said;
        }

        SourceConsent source = setting.SourceConsents.Count == 0 ? default : setting.SourceConsents.GetValueOrDefault(completion.Key.Source);
        return listed || source == SourceConsent.Given || (!asks && source != SourceConsent.Required);
    }

    private bool? Listed(string issuer)
    {
        bool? given = null;
        foreach (ConsentFact fact in history.Consents)
        {
            if (fact.Issuer.Length == 0 || fact.Issuer == issuer)
            {
                given = (given ?? true) && fact.Given;
            }
        }

        return given;
    }
}
