using System.Security.Cryptography;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.Plans;

/// <summary>Makes plans: what a rule book would do with the ledger's history. Reads only.</summary>
internal sealed class Planner(IActsLedger ledger, TimeProvider time)
{
    /// <summary>Makes a plan.</summary>
    /// <param name="ruleBook">The rule book.</param>
    /// <param name="scope">What part is wanted.</param>
    /// <param name="person">The only person; null for everybody.</param>
    /// <param name="path">Where to write it; null writes nothing.</param>
    /// <param name="tell">Told how many people have been looked at, now and then.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<PlanHeader> MakeAsync(RuleBook ruleBook, PlanScope scope, Guid? person, string? path, Action<long> tell, CancellationToken ct)
    {
        await using HistoryWalk walk = await HistoryWalk.OpenAsync(ledger, ct).ConfigureAwait(false);
        return await MakeAsync(walk, ruleBook, scope, person, path, tell, ct).ConfigureAwait(false);
    }

    /// <summary>As the other, from a view that is open already.</summary>
    public async Task<PlanHeader> MakeAsync(HistoryWalk walk, RuleBook ruleBook, PlanScope scope, Guid? person, string? path, Action<long> tell, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        string lines = path is null ? "" : path + ".changes";
        var summary = new PlanSummary();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using Stream file = path is null ? Stream.Null : new FileStream(lines, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

        async Task TakeAsync((PlanSummary Summary, byte[] Lines) page)
        {
            summary.Add(page.Summary);
            hash.AppendData(page.Lines);
            await file.WriteAsync(page.Lines, ct).ConfigureAwait(false);
            tell(summary.People);
        }

        (PlanSummary, byte[]) Work(IReadOnlyList<PlanPerson> people) => PlanPage(ruleBook, scope, people, now);
        if (person is { } only)
        {
            if (await walk.PersonAsync(only, ct).ConfigureAwait(false) is { } found)
            {
                await TakeAsync(Work([found])).ConfigureAwait(false);
            }
        }
        else
        {
            await walk.EverybodyAsync(Work, TakeAsync, ct).ConfigureAwait(false);
        }

        PlanHeader header = new PlanHeader
        {
            RuleBook = ruleBook.Revision,
            Ledger = walk.Watermark,
            MadeAt = now,
            Credential = scope.Credential,
            Person = person,
            Since = scope.Since,
            Until = scope.Until,
            Changes = summary.Changes,
            Digest = Convert.ToHexStringLower(hash.GetHashAndReset()),
            Totals = PlanTotals.Of(summary),
        }.WithId();
        if (path is not null)
        {
            file.Position = 0;
            await PlanFile.WriteAsync(path, header, file, ct).ConfigureAwait(false);
        }

        return header;
    }

    private static (PlanSummary Summary, byte[] Lines) PlanPage(RuleBook ruleBook, PlanScope scope, IReadOnlyList<PlanPerson> people, DateTimeOffset now)
    {
        var summary = new PlanSummary();
        var effects = new List<PlanEffect>();
        foreach (PlanPerson person in people)
        {
            PersonPlan plan = PersonPlan.Of(ruleBook, person, scope, now);
            summary.Add(person, plan, ruleBook);
            foreach (PlanEffect effect in plan.Effects)
            {
                // The decision with its trace is needed only when it is applied, and is made again then.
                effects.Add(effect with { Decision = null });
            }
        }

        return (summary, PlanFile.Lines(effects));
    }
}
