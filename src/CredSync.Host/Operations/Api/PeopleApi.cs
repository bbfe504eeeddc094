using CredSync.Completions;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Intake;
using CredSync.Host.Intake.Hooks;
using CredSync.Host.Ledger;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using CredSync.Host.People;
using CredSync.Host.RuleBooks;
using CredSync.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>Who is whom: merges, matches by hand; and deliveries that are taken once more.</summary>
internal static class PeopleApi
{
    private const int MostEffects = 1000;

    public static void MapPeople(this RouteGroupBuilder api)
    {
        api.MapGet("people/look-alikes", async (int? limit, ILedger ledger, CancellationToken ct) => TypedResults.Ok(await ledger.LookAlikesAsync(Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "people", "look-alikes", "People who share a name or an address, and may be one.");
        api.MapGet("people/merges", async (ILedger ledger, CancellationToken ct) => TypedResults.Ok(await ledger.MergesAsync(null, ct).ConfigureAwait(false)))
            .For(Role.Viewer, "people", "merges", "Merges that stand.");
        api.MapPost("people/merges", async (MergePeople wish, HttpContext http, PeopleMerge merges, HeldPeople held, ActiveConfiguration active, CancellationToken ct) =>
        {
            (Guid merged, Guid survivor) = (wish.Merged ?? throw new QueryException("'merged' is missing: the subject id of who is merged."), wish.Survivor ?? throw new QueryException("'survivor' is missing: the subject id of the person into whom."));
            bool acts = wish.Yes ?? false;
            MergePlan plan = await SayingAsync(() => acts
                ? merges.MergeAsync(merged, survivor, active.Current, http.User.Name(), Query.Needed(wish.Why, "why"), ct)
                : merges.PreviewAsync(merged, survivor, active.Current, ct)).ConfigureAwait(false);
            int matched = acts ? (await held.MatchAsync(active.Current, ct).ConfigureAwait(false)).Matched : 0;
            return TypedResults.Ok(new MergedPeople(
                acts, [.. plan.Duplicates.Select(k => k.Id)], [.. plan.Twice.Select(k => k.Id)], [.. plan.Decisions.Select(d => new MergedDecision(d.Definition, d is Decision.Issue ? "award" : "hold", d.Reason))], matched));
        }).For(Role.Operator, "people", "merge-people", "Makes one person of two; without 'yes' it only tells what would change.");
        api.MapPost("people/merges/{merged:guid}/undo", async (Guid merged, Reason reason, HttpContext http, ILedger ledger, PeopleMerge merges, ActiveConfiguration active, CancellationToken ct) =>
        {
            MergeLine merge = (await ledger.MergesAsync(null, ct).ConfigureAwait(false)).FirstOrDefault(m => m.Merged == merged) ?? throw new ActException($"Nobody with the subject id {merged} was merged into anybody.") { IsMissing = true };
            await SayingAsync(async () =>
            {
                await merges.UnmergeAsync(merge, active.Current, http.User.Name(), Query.Needed(reason.Why, "why"), ct).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            return TypedResults.Ok(merge);
        }).For(Role.Operator, "people", "unmerge-people", "Makes two people of one again, as before.");
        api.MapPost("completions/match", async (MatchCompletion wish, HttpContext http, HandMatching matching, ActiveConfiguration active, CancellationToken ct) =>
        {
            if (wish.Person is null != (wish.New ?? false))
            {
                throw new QueryException("Say whose it is: 'person' with a subject id, or 'new'.");
            }

            var key = new CompletionKey(Query.Needed(wish.Source, "source"), Query.Needed(wish.Key, "key"));
            return TypedResults.Ok(await SayingAsync(() => matching.MatchAsync(key, wish.Person, active.Current, http.User.Name(), Query.Needed(wish.Why, "why"), ct)).ConfigureAwait(false)
                ?? throw new ActException("No completion with this key is held, or somebody else settled it at this moment.") { IsMissing = true });
        }).For(Role.Operator, "people", "match-completion", "Gives a held completion to a person, or to somebody new; it stays there.");
        api.MapPost("sources/{name}/admit", async (string name, Reason reason, HttpContext http, SourceDesk sources, SourceAdmission admission, ActiveConfiguration active, CancellationToken ct) =>
        {
            sources.Require(name);
            return TypedResults.Ok(await admission.AdmitAsync(name, active.Current, http.User.Name(), Query.Needed(reason.Why, "why"), ct).ConfigureAwait(false));
        }).For(Role.Operator, "people", "admit-people", "Lets the new people of a source in that were held because they were too many.");
        api.MapPost("deliveries/replay/preview", async (ReplayDeliveries wish, SourceRegistry sources, DeliveryReplay replay, CancellationToken ct) =>
        {
            DeliveryFilter filter = Filter(wish);
            var effects = new List<ReplayEffect>();
            if (sources.All.GetValueOrDefault(filter.Source) is not IWebhookSource adapter)
            {
                throw new ActException($"No source called '{filter.Source}' takes deliveries.") { IsMissing = true };
            }

            await foreach (ReplayEffect effect in replay.PreviewAsync(adapter, filter, ct).ConfigureAwait(false))
            {
                effects.Add(effect);
                if (effects.Count == MostEffects)
                {
                    return TypedResults.Ok(new ReplayPreview(effects, true));
                }
            }

            return TypedResults.Ok(new ReplayPreview(effects, false));
        }).For(Role.Operator, "sources", "preview-replay", "What taking stored deliveries once more would change, the first thousand lines; changes nothing.");
        api.MapPost("deliveries/replay", async (ReplayDeliveries wish, HttpContext http, DeliveryReplay replay, CancellationToken ct) =>
        {
            DeliveryFilter filter = Filter(wish);
            return TypedResults.Ok(new ReplayedDeliveries((await replay.MarkAsync(filter, http.User.Name(), Query.Needed(wish.Why, "why"), ct).ConfigureAwait(false)).Replayed));
        }).For(Role.Operator, "sources", "replay-deliveries", "Lets stored deliveries of a source be taken once more; nothing is issued twice.");
    }

    private static DeliveryFilter Filter(ReplayDeliveries wish) =>
        new() { Source = Query.Needed(wish.Source, "source"), Id = Query.Word(wish.Id), From = wish.From, To = wish.To, State = wish.SetAside == true ? DeliveryState.SetAside : null };

    private static async Task<T> SayingAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (PeopleException e)
        {
            throw new ActException(e.Message);
        }
    }
}

/// <summary>Two people who are one, by subject ids.</summary>
internal sealed record MergePeople(Guid? Merged, Guid? Survivor, string? Why, bool? Yes);

/// <summary>What a merge changes.</summary>
/// <param name="Changed">Whether it was done.</param>
/// <param name="Duplicates">Issuances that are held because both have them.</param>
/// <param name="IssuedTwice">Issuances that both have and that left before.</param>
/// <param name="Decided">What both together earn.</param>
/// <param name="Matched">Held completions that have a person by it.</param>
internal sealed record MergedPeople(bool Changed, IReadOnlyList<Guid> Duplicates, IReadOnlyList<Guid> IssuedTwice, IReadOnlyList<MergedDecision> Decided, int Matched);

/// <summary>What two people together earn.</summary>
internal sealed record MergedDecision(string Definition, string What, string Reason);

/// <summary>Whose a held completion is.</summary>
internal sealed record MatchCompletion(string? Source, string? Key, Guid? Person, bool? New, string? Why);

/// <summary>Which stored deliveries are taken once more.</summary>
internal sealed record ReplayDeliveries(string? Source, string? Id, DateTimeOffset? From, DateTimeOffset? To, bool? SetAside, string? Why);

/// <summary>What taking deliveries once more would change.</summary>
/// <param name="Effects">In the order of their arrival.</param>
/// <param name="More">Whether there are more.</param>
internal sealed record ReplayPreview(IReadOnlyList<ReplayEffect> Effects, bool More);

/// <summary>How many deliveries wait now that did not.</summary>
internal sealed record ReplayedDeliveries(int Replayed);
