using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.Intake;

/// <summary>Turns decisions into ledger lines: issue is planned, hold is held, skip leaves no line.</summary>
internal static class IssuanceRows
{
    /// <summary>The lines of decisions.</summary>
    public static IEnumerable<IssuanceRow> Of(IReadOnlyList<Decision> decisions, RuleBook ruleBook)
    {
        foreach (Decision decision in decisions)
        {
            switch (decision)
            {
                case Decision.Issue issue:
                    PlannedIssuance planned = IssuancePlanner.Plan(issue, ruleBook);
                    yield return new IssuanceRow
                    {
                        Key = planned.Key,
                        State = IssuanceState.Planned,
                        Issuer = planned.Issuer,
                        Credential = planned.Credential,
                        Award = planned.Award,
                        RuleBookRevision = planned.RuleBookRevision,
                        Reason = planned.Reason,
                        Trace = planned.Trace,
                        Revises = issue.Revises,
                    };
                    break;
                case Decision.Hold hold when ruleBook.Find(hold.Definition) is { } definition:
                    yield return new IssuanceRow
                    {
                        Key = new IssuanceKey(hold.Definition, hold.Subject, hold.Occurrence),
                        State = IssuanceState.Held,
                        Issuer = hold.Issuer,
                        Credential = definition.ToFacts(hold.Issuer),
                        Award = hold.Award,
                        RuleBookRevision = ruleBook.Revision,
                        Reason = hold.Reason,
                        Trace = hold.Trace,
                        Cause = hold.Cause,
                        Remedy = hold.Remedy,
                        SettleWithin = hold.Within,
                        Revises = hold.Revises,
                    };
                    break;
            }
        }
    }
}
