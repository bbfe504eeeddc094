using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using CredSync.Host.RuleBooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>Holds and how they are settled; acts on sources.</summary>
internal static class HoldsApi
{
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
        api.MapPost("sources/{name}/{act}", async (string name, string act, Reason reason, HttpContext http, SourceDesk desk, CancellationToken ct) =>
            TypedResults.Ok(await desk.ActAsync(name, act, http.User.Name(), Query.Why(reason.Why), ct).ConfigureAwait(false)))
            .For(Role.Operator, "sources", "act-on-source", "Polls a source now, pauses it, resumes it, or reads it again from the beginning.");
    }
}

/// <summary>How a hold is settled.</summary>
internal sealed record SettleHold(string? Why, DateOnly? Earned);
