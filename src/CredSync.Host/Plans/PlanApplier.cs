using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.Plans;

/// <summary>
/// Does what a plan says, exactly: each change is decided again within the transaction that writes it, and is written only when it comes out as the
/// plan says. How far the plan is moves in the same transaction, so that a killed run goes on where it stopped.
/// </summary>
internal sealed class PlanApplier(IActsLedger ledger, TimeProvider time)
{
    private const int BatchSize = 200;

    /// <summary>Applies a plan.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ruleBook">The rule book in force; must be the plan's.</param>
    /// <param name="who">Who applies it.</param>
    /// <param name="why">Why.</param>
    /// <param name="canary">How many changes to make at most now; null for all.</param>
    /// <param name="rate">How many changes to make a second at most; null for as many as go.</param>
    /// <param name="tell">Told how far it is.</param>
    /// <param name="ct">Cancels between two batches.</param>
    /// <exception cref="PlanException">The plan is stale, or somebody else applies it now.</exception>
    public async Task<ApplyResult> ApplyAsync(string path, RuleBook ruleBook, string who, string why, long? canary, int? rate, Action<long, long> tell, CancellationToken ct)
    {
        PlanHeader plan = await PlanFile.ReadAsync(path, ct).ConfigureAwait(false);
        PlanProgress progress = await BeginAsync(path, plan, ruleBook, who, why, canary, ct).ConfigureAwait(false);
        long position = progress.Applied;
        long until = canary is { } some ? Math.Min(plan.Changes, position + some) : plan.Changes;
        var result = new ApplyResult { Plan = plan.Id, Changes = plan.Changes, Before = position, Applied = position };
        int size = rate is { } limit ? Math.Clamp(limit, 1, BatchSize) : BatchSize;
        long begun = time.GetTimestamp();
        var batch = new List<PlanEffect>(size);
        await foreach (PlanEffect effect in PlanFile.ChangesAsync(path, position, ct).ConfigureAwait(false))
        {
            if (position + batch.Count == until)
            {
                break;
            }

            batch.Add(effect);
            if (batch.Count == size || position + batch.Count == until)
            {
                long from = position;
                result.Add(await ledger.ActAsync(transaction => ApplyAsync(transaction, plan, ruleBook, batch, from, ct), ct).ConfigureAwait(false));
                position += batch.Count;
                result.Applied = position;
                batch.Clear();
                tell(position, plan.Changes);
                if (rate is { } perSecond && position < until && TimeSpan.FromSeconds((position - progress.Applied) / (double)perSecond) - time.GetElapsedTime(begun) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, ct).ConfigureAwait(false);
                }
            }
        }

        return result;
    }

    /// <summary>How many changes of a plan were made already.</summary>
    /// <exception cref="PlanException">The plan is stale.</exception>
    public async Task<long> AppliedAsync(string path, PlanHeader plan, RuleBook ruleBook, CancellationToken ct)
    {
        await RefuseStaleAsync(path, plan, ruleBook, ct).ConfigureAwait(false);
        return (await ledger.PlanProgressAsync(plan.Id, ct).ConfigureAwait(false))?.Applied ?? 0;
    }

    private async Task<PlanProgress> BeginAsync(string path, PlanHeader plan, RuleBook ruleBook, string who, string why, long? canary, CancellationToken ct)
    {
        await RefuseStaleAsync(path, plan, ruleBook, ct).ConfigureAwait(false);
        await ledger.UseRuleBookAsync(ruleBook.Revision, ruleBook.Definitions.Count, ct).ConfigureAwait(false);
        return await ledger.ActAsync(
            async begin =>
            {
                PlanProgress progress = await begin.BeginPlanAsync(plan.Id, plan.RuleBook, plan.Changes, ct).ConfigureAwait(false);
                if (progress.FinishedAt is null && progress.Applied < plan.Changes)
                {
                    await begin.RecordAsync(new Act(who, "apply", plan.Id, why, $"from change {progress.Applied + 1} of {plan.Changes}{(canary is { } n ? $", {n} at most" : "")}, rule book {plan.RuleBook}"), ct).ConfigureAwait(false);
                }

                return progress;
            },
            ct).ConfigureAwait(false);
    }

    private async Task RefuseStaleAsync(string path, PlanHeader plan, RuleBook ruleBook, CancellationToken ct)
    {
        if (plan.RuleBook != ruleBook.Revision)
        {
            throw new PlanException($"The plan was made with rule book {plan.RuleBook}, but {ruleBook.Revision} is in force: the configuration changed since. Make a new plan with: credsync plan --out {path}");
        }

        // What was begun goes on although the ledger moved: each change is proved again one by one.
        if (await ledger.PlanProgressAsync(plan.Id, ct).ConfigureAwait(false) is null)
        {
            await using IHistoryReading reading = await ledger.OpenReadingAsync(ct).ConfigureAwait(false);
            string watermark = await reading.WatermarkAsync(ct).ConfigureAwait(false);
            if (watermark != plan.Ledger)
            {
                throw new PlanException($"The ledger moved since the plan was made ({plan.Ledger} then, {watermark} now): new completions or settlements came in. Make a new plan with: credsync plan --out {path}");
            }
        }
    }

    private static async Task<ApplyResult> ApplyAsync(IActTransaction transaction, PlanHeader plan, RuleBook ruleBook, List<PlanEffect> batch, long position, CancellationToken ct)
    {
        IReadOnlyList<string> results = await PlanChanges.MakeAsync(transaction, ruleBook, plan.Scope, plan.MadeAt, batch, ct).ConfigureAwait(false);
        var counted = new ApplyResult { Plan = plan.Id, Changes = plan.Changes };
        foreach ((PlanEffect effect, string result) in batch.Zip(results))
        {
            _ = result switch
            {
                PlanChanges.Before => counted.AlreadyDone++,
                PlanChanges.LeftOut => counted.LeftOut++,
                _ => effect.Act switch { PlanAct.Award => counted.Awarded++, PlanAct.Hold => counted.Held++, PlanAct.Stop => counted.Stopped++, _ => counted.Revised++ },
            };
            counted.Example ??= result == PlanChanges.Done ? new ApplyExample(effect.Key.Subject, effect.Key.Definition) : null;
        }

        if (!await transaction.MovePlanAsync(plan.Id, position, position + batch.Count, ct).ConfigureAwait(false))
        {
            throw new PlanException($"Somebody else applies plan {plan.Id} at this moment; this run stopped after what it had done. Look with: credsync audit {plan.Id}");
        }

        return counted;
    }
}

/// <summary>What applying a plan did.</summary>
internal sealed record ApplyResult
{
    public required string Plan { get; init; }

    /// <summary>Somebody whom this run changed something for, to look at; null when there is nobody.</summary>
    public ApplyExample? Example { get; set; }

    /// <summary>How many changes the plan has.</summary>
    public required long Changes { get; init; }

    /// <summary>How many of them were behind it when this run began.</summary>
    public long Before { get; init; }

    /// <summary>How many of them are behind it now.</summary>
    public long Applied { get; set; }

    public long Awarded { get; set; }

    public long Held { get; set; }

    public long Stopped { get; set; }

    /// <summary>Given the dates of the rule book in force, before they left.</summary>
    public long Revised { get; set; }

    /// <summary>Done already by the worker, because a new fact of the same person came in meanwhile.</summary>
    public long AlreadyDone { get; set; }

    /// <summary>Not done, because the ledger moved so that they would come out otherwise now.</summary>
    public long LeftOut { get; set; }

    public void Add(ApplyResult other)
    {
        Awarded += other.Awarded;
        Held += other.Held;
        Stopped += other.Stopped;
        Revised += other.Revised;
        AlreadyDone += other.AlreadyDone;
        LeftOut += other.LeftOut;
        Example ??= other.Example;
    }
}

/// <summary>One person whom a plan changed something for.</summary>
internal sealed record ApplyExample(Guid Person, string Credential);
