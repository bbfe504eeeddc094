using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>Keys of programs.</summary>
internal static class KeysApi
{
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public static void MapKeys(this RouteGroupBuilder api)
    {
        api.MapGet("keys", async (OperatorLedger ledger, CancellationToken ct) => TypedResults.Ok(await ledger.KeysAsync(ct).ConfigureAwait(false)))
            .For(Role.Admin, "keys", "keys", "All keys; never their secrets.");
        api.MapPost("keys", async (MakeKey wish, HttpContext http, ApiKeys keys, CancellationToken ct) =>
        {
            (KeyLine key, string secret) = await keys.MakeAsync(Query.Needed(wish.Name, "name"), Query.Needed(wish.Role, "role"), wish.Scopes ?? [], wish.Days ?? 90, http.User.Name(), Query.Why(wish.Why), ct).ConfigureAwait(false);
            return TypedResults.Created($"{ApiRegistration.Root}/keys/{key.Id}", new MadeKey(key, secret));
        }).For(Role.Admin, "keys", "make-key", "Makes a key. Its secret is in this answer and nowhere else.");
        api.MapPost("keys/{id}/rotate", async (string id, MakeKey wish, HttpContext http, ApiKeys keys, CancellationToken ct) =>
        {
            (KeyLine key, string secret) = await keys.RotateAsync(Query.Needed(id, "id"), wish.Days ?? 90, Overlap, http.User.Name(), Query.Why(wish.Why), ct).ConfigureAwait(false);
            return TypedResults.Created($"{ApiRegistration.Root}/keys/{key.Id}", new MadeKey(key, secret));
        }).For(Role.Admin, "keys", "rotate-key", "Makes a key like another, which ends a day later.");
        api.MapDelete("keys/{id}", async (string id, HttpContext http, ApiKeys keys, CancellationToken ct) =>
        {
            await keys.EndAsync(Query.Needed(id, "id"), http.User.Name(), "", ct).ConfigureAwait(false);
            return TypedResults.NoContent();
        }).For(Role.Admin, "keys", "end-key", "Ends a key at once.");
    }
}

/// <summary>A key that is wished for.</summary>
internal sealed record MakeKey(string? Name, string? Role, IReadOnlyList<string>? Scopes, int? Days, string? Why);

/// <summary>A key that was made, with its secret.</summary>
internal sealed record MadeKey(KeyLine Key, string Secret);
