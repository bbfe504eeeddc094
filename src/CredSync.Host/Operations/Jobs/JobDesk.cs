using System.Globalization;
using System.Runtime.CompilerServices;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Plans;
using CredSync.Host.RuleBooks;
using CredSync.Issuers;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Operations.Jobs;

/// <summary>How jobs are begun, approved, paused, resumed and cancelled; the command line, the interface for programs and the screens all come here.</summary>
internal sealed class JobDesk(ILedger ledger, OperatorLedger operators, IssuerRegistry issuers, ActiveConfiguration active, IOptions<OperationsOptions> options, TimeProvider time)
{
    /// <summary>People a second that a plan looks at, when no rate is given.</summary>
    public const double PlanRate = 2000;

    /// <summary>Changes a second that are made, when no rate is given.</summary>
    public const double ApplyRate = 100;

    /// <summary>Calls of an issuer a second, when no rate is given and each line is asked for alone.</summary>
    public const double AskRate = 5;

    // Changes of a file that are written down in one transaction: others write between two of them.
    private const int PartSize = 1000;

    /// <summary>From how many items on a second person has to approve.</summary>
    public int ApproveOver => options.Value.ApproveOver;

    /// <summary>Begins to plan: what the rule book in force would change, written down change by change.</summary>
    public async Task<JobLine> PlanAsync(string? credential, DateOnly? since, DateOnly? until, double? rate, string who, string why, CancellationToken ct)
    {
        RuleBook ruleBook = active.Current.RuleBook;
        if (credential is not null && ruleBook.Find(credential) is null)
        {
            throw new ActException($"No credential is called '{credential}'; there are: {string.Join(", ", ruleBook.Definitions.Select(d => d.Id))}.") { IsMissing = true };
        }

        string range = (since, until) switch { (null, null) => "", _ => $", earned {(since is { } s ? $"from {s:yyyy-MM-dd} " : "")}{(until is { } u ? $"to {u:yyyy-MM-dd}" : "")}".TrimEnd() };
        return await MakeAsync(
            new WorkOrder
            {
                Kind = "plan", What = $"{credential ?? "all credentials"}{range}, rule book {ruleBook.Revision}", Items = (await ledger.TotalsAsync(ct).ConfigureAwait(false)).People, Rate = Rate(rate, PlanRate), Who = who, Why = why,
                Wish = new JobWish { Credential = credential, Since = since, Until = until, RuleBook = ruleBook.Revision, Present = time.GetUtcNow() },
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>Begins to make the changes that a plan or a comparison found: the first so many, or all that are left.</summary>
    public async Task<JobLine> ApplyAsync(long of, long? size, double? rate, string who, string why, CancellationToken ct)
    {
        JobLine found = await OneAsync(of, ct).ConfigureAwait(false);
        string kind = found.Kind switch
        {
            "plan" => "apply",
            "reconcile" => "repair",
            _ => throw new ActException($"Job {of} is no plan and no comparison, so there is nothing of it to make."),
        };
        if (found.State != "done")
        {
            throw new ActException($"Job {of} is {found.State}; only what was looked at to the end can be made.");
        }

        if (size is < 1)
        {
            throw new ActException("The size is from 1; leave it out for all.");
        }

        if ((await operators.JobsAsync(null, null, 200, ct).ConfigureAwait(false)).Items.FirstOrDefault(j => j.OfJob == of && (j.State is "waiting" or "running" or "paused")) is { } other)
        {
            throw new ActException($"Job {other.Id} makes the changes of job {of} and is {other.State}; wait for it, or cancel it.");
        }

        long left = (await operators.CountChangesAsync(of, ct).ConfigureAwait(false)).Sum(c => c.Left);
        long items = Math.Min(left, size ?? long.MaxValue);
        return items == 0
            ? throw new ActException($"Job {of} has nothing left that can be made.")
            : await MakeAsync(
                new WorkOrder
                {
                    Kind = kind, OfJob = of, What = string.Create(CultureInfo.InvariantCulture, $"{items:N0} of {left:N0} changes of job {of} ({found.What})"), Items = items,
                    Rate = Rate(rate, kind == "apply" ? ApplyRate : AskRate), Who = who, Why = Reason(why), Wish = found.Wish with { Size = size }, Waits = items > ApproveOver,
                },
                ct).ConfigureAwait(false);
    }

    /// <summary>Makes a job of a plan that stands in a file, which waits for a second person: its changes are written down, and made when somebody else has approved them.</summary>
    /// <param name="plan">The plan's head; it is not out of date.</param>
    /// <param name="changes">Its changes from the place on where they were not made yet.</param>
    /// <param name="left">How many these are.</param>
    /// <param name="size">How many of them to make at most; null for all.</param>
    /// <param name="rate">Changes a second; null for as usual.</param>
    /// <param name="who">Who asks for it.</param>
    /// <param name="why">Why.</param>
    /// <param name="ct">Cancels.</param>
    public Task<JobLine> ApplyAsync(PlanHeader plan, IAsyncEnumerable<PlanEffect> changes, long left, long? size, double? rate, string who, string why, CancellationToken ct)
    {
        long items = Math.Min(left, size ?? long.MaxValue);
        var wish = new JobWish { Plan = plan.Id, Credential = plan.Credential, Since = plan.Since, Until = plan.Until, RuleBook = plan.RuleBook, Present = plan.MadeAt };
        string what = $"plan {plan.Id} of a file, rule book {plan.RuleBook}";
        var looked = new WorkOrder { Kind = "plan", What = what, Items = plan.Totals.People, Rate = PlanRate, Who = who, Why = Reason(why), Wish = wish };
        return operators.TakePlanAsync(
            looked,
            PartsAsync(changes, ct),
            of => new WorkOrder
            {
                Kind = "apply", OfJob = of, What = string.Create(CultureInfo.InvariantCulture, $"{items:N0} of {left:N0} changes of job {of} ({what})"), Items = items, Rate = Rate(rate, ApplyRate), Who = who, Why = why,
                Wish = wish with { Size = size }, Waits = items > ApproveOver,
            },
            ct);
    }

    /// <summary>What became of a plan of a file that was handed over as a job; null when it was not.</summary>
    /// <returns>In one sentence, with what to do.</returns>
    public async Task<string?> WhereIsAsync(PlanHeader plan, CancellationToken ct) => await operators.JobsOfPlanAsync(plan.Id, ct).ConfigureAwait(false) switch
    {
        (null, _) => null,
        (_, { State: "waiting" } apply) => $"Plan {plan.Id} is job {apply.Id} by now, which waits for a second person: credsync jobs approve {apply.Id} --why '…'",
        (_, { State: "running" or "paused" or "stopped" } apply) => $"Plan {plan.Id} is job {apply.Id} by now, which is {apply.State}; look with: credsync jobs show {apply.Id}",
        ({ } found, _) => $"Plan {plan.Id} is job {found.Id} by now; look what became of it with credsync jobs changes {found.Id}, and make what is left with: credsync jobs apply {found.Id} --size all --why '…'",
    };

    /// <summary>Begins to read a source once more from the beginning.</summary>
    public async Task<JobLine> BackfillAsync(string source, string who, string why, CancellationToken ct)
    {
        if (active.Current.Sources.All(s => s.Name != source))
        {
            throw new ActException($"No source is called '{source}'; there are: {string.Join(", ", active.Current.Sources.Select(s => s.Name))}.") { IsMissing = true };
        }

        if ((await operators.JobsAsync("running", null, 200, ct).ConfigureAwait(false)).Items.FirstOrDefault(j => j.Kind == "backfill" && j.Wish.Source == source) is { } other)
        {
            throw new ActException($"Job {other.Id} reads '{source}' from the beginning already.");
        }

        long known = await operators.CountCompletionsAsync(new CompletionFilter { Source = source }, ct).ConfigureAwait(false);
        return await MakeAsync(new WorkOrder { Kind = "backfill", What = source, Items = Math.Max(1, known), Rate = FailureDesk.DefaultRate, Who = who, Why = Reason(why), Wish = new JobWish { Source = source } }, ct).ConfigureAwait(false);
    }

    /// <summary>Begins to compare the ledger with an issuer.</summary>
    public async Task<JobLine> ReconcileAsync(string issuer, double? rate, string who, string why, CancellationToken ct)
    {
        if (!issuers.All.TryGetValue(issuer, out ICredentialIssuer? adapter))
        {
            throw new ActException($"No issuer is called '{issuer}'; there are: {string.Join(", ", issuers.All.Keys)}.") { IsMissing = true };
        }

        bool alone = adapter is ICredentialLookup and not ICredentialLister;
        return await MakeAsync(
            new WorkOrder
            {
                Kind = "reconcile", What = $"{issuer}, by {ReconcileWork.WayOf(adapter)}", Items = await operators.CountComparedAsync(issuer, ct).ConfigureAwait(false),
                Rate = Rate(rate, alone ? AskRate : 1000), Who = who, Why = why, Wish = new JobWish { Issuer = issuer },
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>Makes a job of settling many holds: it waits for a second person when they are over the limit.</summary>
    public Task<JobLine> SettleAsync(IReadOnlyList<HeldLine> lines, string what, HoldWish wish, CancellationToken ct) => MakeAsync(
        new WorkOrder
        {
            Kind = wish.Verb, What = string.Create(CultureInfo.InvariantCulture, $"{lines.Count:N0} of {what}"), Items = lines.Count, Issuances = [.. lines.OrderBy(l => l.Issuance.Id).Select(l => l.Issuance.Id)],
            Rate = ApplyRate, Who = wish.Who, Why = Reason(wish.Why), Wish = new JobWish { Earned = wish.Earned }, Waits = lines.Count > ApproveOver,
        },
        ct);

    /// <summary>Makes a job of taking many credentials back: it waits for a second person when they are over the limit.</summary>
    public Task<JobLine> RevokeAsync(IReadOnlyList<IssuanceLine> lines, string what, RevocationWish wish, CancellationToken ct) => MakeAsync(
        new WorkOrder
        {
            Kind = "revoke", What = string.Create(CultureInfo.InvariantCulture, $"{lines.Count:N0} of {what}"), Items = lines.Count, Issuances = [.. lines.OrderBy(l => l.Id).Select(l => l.Id)],
            Rate = ApplyRate, Who = wish.Who, Why = Reason(wish.Reason), Wish = new JobWish { ByHand = wish.ByHand }, Waits = lines.Count > ApproveOver,
        },
        ct);

    /// <summary>Approves, pauses, resumes or cancels a job.</summary>
    /// <exception cref="ActException">It cannot be, now or by this person.</exception>
    public async Task<JobLine> MoveAsync(long id, string verb, string who, string why, CancellationToken ct)
    {
        JobLine job = await OneAsync(id, ct).ConfigureAwait(false);
        (string[] from, string to) = verb switch
        {
            "approve" => (["waiting"], "running"),
            "pause" => (["running"], "paused"),
            "resume" => (new[] { "paused", "stopped" }, "running"),
            "cancel" => (["waiting", "running", "paused", "stopped"], "cancelled"),
            _ => throw new ActException($"There is no act '{verb}' on a job; there are approve, pause, resume and cancel."),
        };
        if (verb == "approve" && await IsOfAsync(job, who, ct).ConfigureAwait(false))
        {
            throw new ActException($"Job {id} was made by {job.Who}{(string.Equals(job.Who, who, StringComparison.OrdinalIgnoreCase) ? "" : $", and {who} acts for the same person")}; a second person has to approve it.");
        }

        if (!await operators.MoveJobAsync(id, from, to, who, verb, why, ct).ConfigureAwait(false))
        {
            throw new ActException($"Job {id} is {job.State}, so it cannot be told to {verb}.");
        }

        if (job.Wish.Source is { } source && job.Kind == "backfill" && (verb is "pause" or "resume"))
        {
            await ledger.SetPausedAsync(source, verb == "pause" ? $"job {id} is paused by {who}" : null, ct).ConfigureAwait(false);
        }

        return (await operators.JobAsync(id, ct).ConfigureAwait(false))!;
    }

    /// <summary>Whether a job was made by somebody, in whatever way: signed in, with any of their keys, or on the command line.</summary>
    public async Task<bool> IsOfAsync(JobLine job, string who, CancellationToken ct) =>
        string.Equals(await PersonAsync(job.Who, ct).ConfigureAwait(false), await PersonAsync(who, ct).ConfigureAwait(false), StringComparison.OrdinalIgnoreCase);

    // A key acts for whoever made it, so that nobody approves with a key what they asked for themselves, nor the other way round.
    private async Task<string> PersonAsync(string who, CancellationToken ct)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (Actor.KeyOf(who) is { } key && seen.Add(key) && await operators.KeyAsync(key, ct).ConfigureAwait(false) is { } line)
        {
            who = line.MadeBy;
        }

        return SaidName.Alone(who).Trim();
    }

    private async Task<JobLine> OneAsync(long id, CancellationToken ct) => await operators.JobAsync(id, ct).ConfigureAwait(false) ?? throw new ActException($"There is no job {id}.") { IsMissing = true };

    private static async IAsyncEnumerable<IReadOnlyList<JobChange>> PartsAsync(IAsyncEnumerable<PlanEffect> changes, [EnumeratorCancellation] CancellationToken ct)
    {
        var part = new List<JobChange>(PartSize);
        await foreach (PlanEffect change in changes.WithCancellation(ct).ConfigureAwait(false))
        {
            part.Add(PlanWork.Of(change));
            if (part.Count == PartSize)
            {
                yield return part;
                part = new List<JobChange>(PartSize);
            }
        }

        yield return part;
    }

    private Task<JobLine> MakeAsync(WorkOrder order, CancellationToken ct) => operators.MakeWorkAsync(order, ct);

    private static string Reason(string why) => string.IsNullOrWhiteSpace(why) ? throw new ActException("Say why, for the audit.") : why;

    private static double Rate(double? wish, double usual) => wish is null ? usual : wish is >= 0.01 and <= 100_000 ? wish.Value : throw new ActException("The rate is from 0.01 to 100000 items a second.");
}
