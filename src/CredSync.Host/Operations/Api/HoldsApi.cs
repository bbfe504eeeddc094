using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Operations.Jobs;
using CredSync.Host.RuleBooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>Holds and how they are settled; acts on sources.</summary>
internal static class HoldsApi
{
    // A proxy in between gives up after a minute.
    private static readonly TimeSpan Discovering = TimeSpan.FromSeconds(50);

    public static void MapHoldsAndSources(this RouteGroupBuilder api)
    {
        api.MapGet("holds", async (string? cause, string? definition, string? after, int? limit, OperatorLedger ledger, CancellationToken ct) =>
            TypedResults.Ok(await ledger.HoldsAsync(Query.Word(cause), Query.Word(definition), Query.Word(after), Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "holds", "Held issuances and credentials under review, oldest first.");
        api.MapGet("holds/counts", async (ILedger ledger, CancellationToken ct) => TypedResults.Ok(await ledger.CountHeldAsync(new HeldFilter(), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "hold-counts", "How many are held, by cause and credential.");
        api.MapPost("holds/{id:guid}/{act}", async (Guid id, string act, SettleHold wish, HttpContext http, ILedger ledger, ActiveConfiguration active, CancellationToken ct) =>
        {
            if (act is not ("approve" or "reject"))
            {
                throw new ActException($"There is no act '{act}' on a hold; there are approve and reject.");
            }

            var settle = new HoldWish(act == "approve", act == "approve" ? wish.Earned : null, http.User.Name(), Query.Needed(wish.Why, "why"));
            HeldLine line = (await ledger.HeldAsync(new HeldFilter(id), 1, ct).ConfigureAwait(false)).FirstOrDefault() ?? throw new ActException($"Nothing is held as {id}.") { IsMissing = true };
            if (HoldDesk.WhyNot(line, settle) is { } why)
            {
                throw new ActException($"It cannot be told to {act}: {why}.");
            }

            return await HoldDesk.SettleAsync(ledger, active.Current.RuleBook, [line], settle, ct).ConfigureAwait(false) == 1
                ? TypedResults.Ok((await ledger.IssuanceAsync(id, ct).ConfigureAwait(false))!)
                : throw new ActException("Somebody else settled it at this moment.");
        }).For(Role.Operator, "holds", "settle-hold", "Approves or rejects one hold.");
        api.MapPost("holds/{act}", async (string act, SettleHolds wish, HttpContext http, ILedger ledger, ActiveConfiguration active, JobDesk jobs, CancellationToken ct) =>
        {
            if (act is not ("approve" or "reject"))
            {
                throw new ActException($"There is no act '{act}' on holds; there are approve and reject.");
            }

            if (Query.Word(wish.Cause) is null && Query.Word(wish.Definition) is null)
            {
                throw new QueryException("Name a 'cause' or a 'definition'.");
            }

            (int done, JobLine? job, int cannot) = await HoldDesk.SettleManyAsync(
                ledger, active.Current.RuleBook, jobs, new HeldFilter(null, Query.Word(wish.Cause), Query.Word(wish.Definition)), new HoldWish(act == "approve", act == "approve" ? wish.Earned : null, http.User.Name(), Query.Needed(wish.Why, "why")), ct).ConfigureAwait(false);
            return TypedResults.Ok(new SettledHolds(done, cannot, job));
        }).For(Role.Operator, "holds", "settle-holds", "Approves or rejects all holds of a cause or credential; over the limit, as a job that a second person approves.");
        api.MapGet("sources/{name}/check", async (string name, SourceDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.CheckAsync(name, ct).ConfigureAwait(false)))
            .For(Role.Operator, "sources", "check-source", "Proves address, credentials, rights and freshness of a source, changing nothing there.");
        api.MapGet("sources/{name}/discover", async (string name, int? pages, SourceDesk desk, CancellationToken ct) =>
        {
            try
            {
                return TypedResults.Ok(await desk.DiscoverAsync(name, Query.Pages(pages), Discovering, ct).ConfigureAwait(false));
            }
            catch (CredSync.Sources.SourceException e)
            {
                throw new ActException(e.Message);
            }
        }).For(Role.Operator, "sources", "discover-courses", "Which courses a source has completions of, with the keys that rules match on; reads the first 'pages' (50) pages and stores nothing.");
        api.MapPost("sources/{name}/{act}", async (string name, string act, Reason reason, HttpContext http, SourceDesk desk, CancellationToken ct) =>
            TypedResults.Ok(await desk.ActAsync(name, act, http.User.Name(), Query.Why(reason.Why), ct).ConfigureAwait(false)))
            .For(Role.Operator, "sources", "act-on-source", "Polls a source now, pauses it, resumes it, or reads it again from the beginning.");
    }
}

/// <summary>How a hold is settled.</summary>
internal sealed record SettleHold(string? Why, DateOnly? Earned);

/// <summary>How many holds are settled.</summary>
internal sealed record SettleHolds(string? Cause, string? Definition, string? Why, DateOnly? Earned);

/// <summary>What came of it.</summary>
/// <param name="Done">How many were settled.</param>
/// <param name="Cannot">How many cannot be settled like this.</param>
/// <param name="Job">The job that waits for a second person; null when they were settled at once.</param>
internal sealed record SettledHolds(int Done, int Cannot, JobLine? Job);
