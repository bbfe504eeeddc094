using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>Jobs: begun, watched, approved, paused, resumed, cancelled.</summary>
internal static class JobsApi
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        api.MapGet("jobs", async (string? state, string? kind, string? who, string? after, int? limit, OperatorLedger ledger, CancellationToken ct) =>
            TypedResults.Ok(await ledger.JobsAsync(Query.Word(state), Query.Word(kind), Query.Word(who), Query.Word(after), Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "jobs", "Jobs, newest first, with counts as they are now.");
        api.MapGet("jobs/{id:long}", async Task<Results<Ok<JobLine>, ProblemHttpResult>> (long id, OperatorLedger ledger, CancellationToken ct) =>
            await ledger.JobAsync(id, ct).ConfigureAwait(false) is { } job ? TypedResults.Ok(job) : Reading.Missing($"There is no job {id}."))
            .For(Role.Viewer, "read", "job", "One job.");
        api.MapGet("jobs/{id:long}/changes", async (long id, string? act, string? after, int? limit, OperatorLedger ledger, CancellationToken ct) =>
            TypedResults.Ok(await ledger.ChangesAsync(id, Query.Word(act), Query.Word(after), Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "job-changes", "What a plan would change, or a comparison found, in order; and what became of it.");
        api.MapGet("jobs/{id:long}/changes/counts", async (long id, OperatorLedger ledger, CancellationToken ct) => TypedResults.Ok(await ledger.CountChangesAsync(id, ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "job-change-counts", "How many changes of each kind a job has.");
        api.MapPost("jobs", async (BeginJob wish, HttpContext http, JobDesk desk, CancellationToken ct) =>
        {
            (string who, string why) = (http.User.Name(), Query.Why(wish.Why));
            JobLine job = Query.Needed(wish.Kind, "kind") switch
            {
                "plan" => await desk.PlanAsync(Query.Word(wish.Credential), wish.Since, wish.Until, wish.Rate, who, why, ct).ConfigureAwait(false),
                "apply" or "repair" => await desk.ApplyAsync(wish.Job ?? throw new QueryException("'job' is missing: the plan or the comparison whose changes are to be made."), wish.All == true ? null : wish.Size ?? 10, wish.Rate, who, why, ct).ConfigureAwait(false),
                "backfill" => await desk.BackfillAsync(Query.Needed(wish.Source, "source"), who, why, ct).ConfigureAwait(false),
                "reconcile" => await desk.ReconcileAsync(Query.Needed(wish.Issuer, "issuer"), wish.Rate, who, why, ct).ConfigureAwait(false),
                _ => throw new QueryException("'kind' is one of plan, apply, backfill, reconcile, repair; failures are retried under /failures."),
            };
            return TypedResults.Accepted($"{ApiRegistration.Root}/jobs/{job.Id}", job);
        }).For(Role.Operator, "jobs", "begin-job", "Begins a plan, a backfill or a comparison with an issuer; or makes the first 'size' (10) or all changes that a plan or a comparison found.");
        api.MapPost("jobs/{id:long}/{act}", async (long id, string act, Reason reason, HttpContext http, JobDesk desk, CancellationToken ct) =>
            TypedResults.Ok(await desk.MoveAsync(id, act, http.User.Name(), Query.Why(reason.Why), ct).ConfigureAwait(false)))
            .For(Role.Operator, "jobs", "act-on-job", "Approves, pauses, resumes or cancels a job. A job is approved by somebody else than who made it.");
    }
}

/// <summary>A job that is wished for.</summary>
internal sealed record BeginJob(string? Kind, string? Credential, DateOnly? Since, DateOnly? Until, string? Source, string? Issuer, long? Job, long? Size, bool? All, double? Rate, string? Why);

/// <summary>Why something is done.</summary>
internal sealed record Reason(string? Why);
