using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>Credentials that are taken back.</summary>
internal static class RevocationsApi
{
    public static void MapRevocations(this RouteGroupBuilder api)
    {
        api.MapPost("revocations/preview", async (Revoke wish, RevocationDesk desk, CancellationToken ct) => TypedResults.Ok(Count(await FindAsync(desk, wish, ct).ConfigureAwait(false), desk, wish)))
            .For(Role.Operator, "revocations", "preview-revocations", "Which credentials would be taken back; changes nothing.");
        api.MapPost("revocations", async (Revoke wish, HttpContext http, RevocationDesk desk, CancellationToken ct) =>
        {
            if (RevocationDesk.WhyNot(wish.Reason ?? "") is { } why)
            {
                throw new QueryException(why);
            }

            IReadOnlyList<IssuanceLine> lines = await FindAsync(desk, wish, ct).ConfigureAwait(false);
            if (lines.Count == 0)
            {
                throw new ActException("No issued credential is like this.") { IsMissing = true };
            }

            // Many are taken back only by somebody who knows how many they are.
            if (wish.Id is null && wish.Count != lines.Count)
            {
                throw new ActException($"There are {lines.Count} of them; look at the preview, and say 'count': {lines.Count} when that is what is meant.");
            }

            (int done, JobLine? job) = await desk.RevokeManyAsync(
                lines, What(wish), new RevocationWish(wish.Reason!, wish.ByHand ?? false, http.User.Name()), ct).ConfigureAwait(false);
            return TypedResults.Ok(Count(lines, desk, wish) with { Done = done, Job = job });
        }).For(Role.Operator, "revocations", "revoke", "Takes credentials back, for good: one by 'id', or the 'count' that a preview told of; over the limit, as a job that a second person approves.");
    }

    private static async Task<IReadOnlyList<IssuanceLine>> FindAsync(RevocationDesk desk, Revoke wish, CancellationToken ct) =>
        wish is { Id: null, Person: null } && Query.Word(wish.Definition) is null && Query.Word(wish.Issuer) is null
            ? throw new QueryException("Name an 'id', a 'person', a 'definition' or an 'issuer'.")
            : await desk.FindAsync(new RevocableFilter(wish.Id, null, Query.Word(wish.Definition), Query.Word(wish.Issuer)), wish.Person, ct).ConfigureAwait(false);

    private static RevokedCredentials Count(IReadOnlyList<IssuanceLine> lines, RevocationDesk desk, Revoke wish) => new(
        lines.Count,
        [.. lines.GroupBy(l => (l.Definition, l.Issuer)).OrderBy(g => g.Key.Definition, StringComparer.Ordinal).ThenBy(g => g.Key.Issuer, StringComparer.Ordinal)
            .Select(g => new RevokedGroup(g.Key.Definition, g.Key.Issuer, g.Count(), desk.CanRevoke(g.First(), wish.ByHand ?? false), [.. g.Take(3).Select(l => l.Id)]))],
        0,
        null);

    private static string What(Revoke wish) => string.Join(", ", new[]
    {
        wish.Id is { } id ? $"issuance {id}" : null, wish.Person is { } person ? $"person {person}" : null, Query.Word(wish.Definition), Query.Word(wish.Issuer) is { } issuer ? $"issuer {issuer}" : null,
    }.OfType<string>());
}

/// <summary>What is to be taken back.</summary>
internal sealed record Revoke(Guid? Id, Guid? Person, string? Definition, string? Issuer, string? Reason, bool? ByHand, int? Count);

/// <summary>What is, or would be, taken back.</summary>
/// <param name="Count">How many credentials.</param>
/// <param name="Groups">By definition and issuer.</param>
/// <param name="Done">How many are planned or noted now.</param>
/// <param name="Job">The job that waits for a second person; null when there is none.</param>
internal sealed record RevokedCredentials(int Count, IReadOnlyList<RevokedGroup> Groups, int Done, JobLine? Job);

/// <summary>Credentials of one definition by one issuer.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="Issuer">The issuer.</param>
/// <param name="Count">How many.</param>
/// <param name="CanRevoke">Whether the issuer can take them back through its interface; else they wait until it is done there by hand.</param>
/// <param name="Examples">Up to three issuance ids.</param>
internal sealed record RevokedGroup(string Definition, string Issuer, int Count, bool CanRevoke, IReadOnlyList<Guid> Examples);
