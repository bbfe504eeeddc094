using CredSync.Host.Dispatch;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.People;
using CredSync.Host.Plans;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Jobs;

/// <summary>
/// Makes the changes that a comparison found, each proved once more: where the issuer can be asked it is asked again, so that nothing is minted that it has by now.
/// The journal goes before the ledger; a crash between the two is mended by doing the change again.
/// </summary>
internal sealed class RepairWork(ILedger ledger, OperatorLedger operators, IssuerRegistry issuers, IIssueJournal journal, OutboxSignal outbox) : IJobWork
{
    public IReadOnlyList<string> Kinds { get; } = ["repair"];

    public async Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct)
    {
        IReadOnlyList<JobChange> changes = await operators.NextChangesAsync(job.OfJob!.Value, (int)Math.Min(count, job.Items - job.Taken), ct).ConfigureAwait(false);
        if (changes.Count == 0)
        {
            return new JobStep { Items = job.Taken, IsLast = true };
        }

        var results = new List<(long Place, string Result)>(changes.Count);
        JobStep step = new();
        foreach (JobChange change in changes)
        {
            try
            {
                results.Add((change.Place, await MakeAsync(job, change, ct).ConfigureAwait(false)));
            }
            catch (IssuerException e) when (e.Kind is FaultKind.Outage or FaultKind.RateLimited)
            {
                step = new JobStep { Waits = e.Message };
                break;
            }
            catch (IssuerException e)
            {
                step = new JobStep { Stops = e.Message };
                break;
            }
        }

        outbox.Notify();
        return step with
        {
            Results = results,
            Succeeded = results.Count(r => r.Result != PlanChanges.LeftOut),
            Skipped = results.Count(r => r.Result == PlanChanges.LeftOut),
            IsLast = step.Waits is null && step.Stops is null && job.Taken + results.Count >= job.Items,
        };
    }

    private async Task<string> MakeAsync(JobLine job, JobChange change, CancellationToken ct)
    {
        if (change.Issuance is not { } id || await operators.ComparedLineAsync(id, ct).ConfigureAwait(false) is not { } line)
        {
            return PlanChanges.LeftOut;
        }

        ICredentialLookup? lookup = issuers.Find(change.Issuer) as ICredentialLookup;
        switch (change.Act)
        {
            case "issue-again" when line.State == "Planned":
                return PlanChanges.Before;
            case "issue-again":
                if (line.State != "Issued" || line.IsRevoked || line.CredentialId != change.CredentialId || (lookup is not null && await lookup.FindAsync(line.Request, ct).ConfigureAwait(false) is not null))
                {
                    return PlanChanges.LeftOut;
                }

                await journal.ReopenAsync(id, change.Sentence ?? "", ct).ConfigureAwait(false);
                return await operators.IssueAgainAsync(change, job.Who, job.Why, ct).ConfigureAwait(false) ? PlanChanges.Done : PlanChanges.LeftOut;
            case "take-over" when line.CredentialId == change.CredentialId && line.State == "Issued":
                return PlanChanges.Before;
            case "take-over":
                IssuedCredential? there = lookup is null ? null : await lookup.FindAsync(line.Request, ct).ConfigureAwait(false);
                if (line.State is not ("Held" or "Refused" or "Issued") || line.IsRevoked || (lookup is not null && there?.CredentialId != change.CredentialId))
                {
                    return PlanChanges.LeftOut;
                }

                IssuedCredential credential = there ?? new IssuedCredential { CredentialId = change.CredentialId!, IssuedAt = line.OutcomeAt ?? job.At, PublicUrl = change.PublicUrl };
                await journal.TakeOverAsync(id, change.Issuer, credential, ct).ConfigureAwait(false);
                return await operators.TakeOverAsync(change with { PublicUrl = credential.PublicUrl ?? change.PublicUrl }, job.Who, job.Why, ct).ConfigureAwait(false) ? PlanChanges.Done : PlanChanges.LeftOut;
            case "note-revoked":
                return await NoteRevokedAsync(job, change, line, ct).ConfigureAwait(false);
            default:
                return PlanChanges.LeftOut;
        }
    }

    private async Task<string> NoteRevokedAsync(JobLine job, JobChange change, ComparedLine line, CancellationToken ct)
    {
        if (line.IsRevoked)
        {
            return PlanChanges.Before;
        }

        int done = await ledger.ActAsync(
            async transaction =>
            {
                int noted = await transaction.RevokeAsync([new RevocationRow(line.Id, RevocationWords.AtTheIssuer, ByHand: true)], ct).ConfigureAwait(false);
                if (noted > 0)
                {
                    await transaction.RecordAsync(new Act(job.Who, "repair", line.Id.ToString(), job.Why, $"{line.Definition}: {change.Sentence}") { Was = "issued", Became = "revoked, as at its issuer" }, ct).ConfigureAwait(false);
                }

                return noted;
            },
            ct).ConfigureAwait(false);
        return done > 0 ? PlanChanges.Done : PlanChanges.LeftOut;
    }
}
