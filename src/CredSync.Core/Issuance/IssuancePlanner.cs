using CredSync.Core.Rules;
using CredSync.Issuers;
using CredSync.Messages;

namespace CredSync.Core.Issuance;

/// <summary>Turns decisions into what the ledger stores and the queue carries.</summary>
public static class IssuancePlanner
{
    /// <summary>The planned issuance of a decision.</summary>
    /// <param name="decision">A decision to issue, made by this rule book.</param>
    /// <param name="ruleBook">The rule book.</param>
    /// <returns>What the ledger stores.</returns>
    /// <exception cref="ArgumentException">The rule book does not hold the definition.</exception>
    public static PlannedIssuance Plan(Decision.Issue decision, RuleBook ruleBook)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(ruleBook);
        CredentialDefinition definition = ruleBook.Find(decision.Definition)
            ?? throw new ArgumentException($"The rule book has no credential '{decision.Definition}'.", nameof(decision));
        return new PlannedIssuance
        {
            Key = new IssuanceKey(decision.Definition, decision.Subject, decision.Occurrence),
            Issuer = decision.Issuer,
            Credential = definition.ToFacts(decision.Issuer),
            Award = decision.Award,
            RuleBookRevision = ruleBook.Revision,
            Trace = decision.Trace,
            Reason = decision.Reason,
        };
    }

    /// <summary>The planned issuances among decisions, in their order.</summary>
    /// <param name="decisions">Decisions of this rule book.</param>
    /// <param name="ruleBook">The rule book.</param>
    public static IReadOnlyList<PlannedIssuance> Plan(IReadOnlyList<Decision> decisions, RuleBook ruleBook)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        List<PlannedIssuance>? planned = null;
        foreach (Decision decision in decisions)
        {
            if (decision is Decision.Issue issue)
            {
                (planned ??= []).Add(Plan(issue, ruleBook));
            }
        }

        return planned ?? (IReadOnlyList<PlannedIssuance>)[];
    }

    /// <summary>The command that the queue carries.</summary>
    /// <param name="planned">The planned issuance.</param>
    /// <param name="recipient">Who gets it, as known at this moment; the subject id must be that of the key.</param>
    /// <exception cref="ArgumentException">The recipient is somebody else.</exception>
    public static IssueCredential ToMessage(PlannedIssuance planned, Recipient recipient)
    {
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(recipient);
        if (recipient.SubjectId != planned.Key.Subject)
        {
            throw new ArgumentException("The recipient is not the person of the issuance.", nameof(recipient));
        }

        return new IssueCredential
        {
            IssuanceId = planned.Key.Id,
            Issuer = planned.Issuer,
            Credential = planned.Credential,
            Recipient = recipient,
            Award = planned.Award,
        };
    }
}
