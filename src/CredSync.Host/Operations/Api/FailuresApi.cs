using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>Failures, and what is done about them.</summary>
internal static class FailuresApi
{
    public static void MapFailures(this RouteGroupBuilder api)
    {
        api.MapGet("failures", async (string? cause, string? place, FailureDesk desk, CancellationToken ct) =>
            TypedResults.Ok(await desk.GroupsAsync(Query.Word(cause), Query.Word(place), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "failures", "What went wrong, by cause and fingerprint: how many, since when, whose, what to do.");
        api.MapPost("failures/{act}", async (string act, ActOnFailures wish, HttpContext http, FailureDesk desk, CancellationToken ct) =>
        {
            if (wish is { Id: null, Cause: null, Issuer: null })
            {
                throw new QueryException("Name an issuance by 'id', or a 'cause' or an 'issuer'.");
            }

            var filter = new FailureFilter(Query.Word(wish.Cause), Query.Word(wish.Fingerprint), Query.Word(wish.Issuer), wish.Id);
            JobLine job = await desk.ActAsync(act, filter, wish.All == true ? null : wish.Size ?? 10, wish.Rate ?? FailureDesk.DefaultRate, wish.StopAt, http.User.Name(), Query.Why(wish.Why), ct).ConfigureAwait(false);
            return TypedResults.Accepted($"{ApiRegistration.Root}/jobs/{job.Id}", job);
        }).For(Role.Operator, "failures", "act-on-failures", "Retries, parks or archives failures as a job: the oldest 'size' (10), or all.");
        api.MapPut("failures/notes", async (NoteOnFailures wish, HttpContext http, OperatorLedger ledger, CancellationToken ct) =>
        {
            string note = wish.Note is { Length: <= 2000 } text ? text : throw new QueryException("'note' is missing or longer than 2000 characters.");
            await ledger.NoteAsync(Query.Needed(wish.Cause, "cause"), Query.Word(wish.Fingerprint) ?? "", note, http.User.Name(), ct).ConfigureAwait(false);
            return TypedResults.NoContent();
        }).For(Role.Operator, "failures", "note-on-failures", "Writes a note about a group of failures; an empty one takes it away.");
    }
}

/// <summary>An act on failures. One of <c>id</c>, <c>cause</c> and <c>issuer</c> is needed.</summary>
internal sealed record ActOnFailures(Guid? Id, string? Cause, string? Fingerprint, string? Issuer, int? Size, bool? All, double? Rate, double? StopAt, string? Why);

/// <summary>A note.</summary>
internal sealed record NoteOnFailures(string? Cause, string? Fingerprint, string? Note);
