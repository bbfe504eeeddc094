using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CredSync.Host.Operations.Api;

/// <summary>What can be read.</summary>
internal static class Reading
{
    public static void MapReading(this RouteGroupBuilder api)
    {
        api.MapGet("overview", async (OverviewDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.GetAsync(ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "overview", "Whether anything is wrong now: the funnel of today and of seven days, and what wants a look.");
        api.MapGet("sources", async (SourceDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.AllAsync(ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "sources", "All sources and where each stands.");
        api.MapGet("sources/{name}", async (string name, SourceDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.OneAsync(name, ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "source", "One source.");
        api.MapGet("runs", async (string? source, bool? faulty, string? after, int? limit, OperatorLedger ledger, CancellationToken ct) =>
            TypedResults.Ok(await ledger.RunsAsync(Query.Word(source), faulty ?? false, Query.Word(after), Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "runs", "Polls, newest first.");
        api.MapGet("issuers", async (IssuerDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.AllAsync(ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "issuers", "All issuers and where each stands.");
        api.MapGet("credentials", async (CredentialDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.AllAsync(ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "credentials", "All credentials of the rule book in force.");
        api.MapGet("credentials/{id}", async Task<Results<Ok<CredentialView>, ProblemHttpResult>> (string id, CredentialDesk desk, CancellationToken ct) =>
            await desk.OneAsync(id, ct).ConfigureAwait(false) is { } view ? TypedResults.Ok(view) : Missing($"No credential is called '{id}'."))
            .For(Role.Viewer, "read", "credential", "One credential with its rule.");
        api.MapGet("issuances", async (string? definition, string? state, string? issuer, string? cause, bool? failing, DateTimeOffset? since, string? after, int? limit, OperatorLedger ledger, CancellationToken ct) =>
            TypedResults.Ok(await ledger.IssuancesAsync(
                new IssuanceFilter { Definition = Query.Word(definition), State = Query.State(state), Issuer = Query.Word(issuer), Cause = Query.Word(cause), Failing = failing ?? false, DecidedSince = since },
                Query.Word(after), Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "issuances", "Issuances, newest first.");
        api.MapGet("issuances/{id:guid}", async Task<Results<Ok<IssuanceView>, ProblemHttpResult>> (Guid id, ILedger ledger, OperatorLedger operators, CancellationToken ct) =>
            await ledger.IssuanceAsync(id, ct).ConfigureAwait(false) is { } line
                ? TypedResults.Ok(new IssuanceView(line, (await Story.OfAsync(ledger, id.ToString(), ct).ConfigureAwait(false))!, await operators.JobsOfAsync(id, ct).ConfigureAwait(false)))
                : Missing($"There is no issuance {id}."))
            .For(Role.Viewer, "read", "issuance", "One issuance: its story step by step, and the jobs that it was part of.");
        api.MapPost("completions/trace", async Task<Results<Ok<Story>, ProblemHttpResult>> (TraceCompletion wish, ILedger ledger, CancellationToken ct) =>
            await Story.OfAsync(ledger, $"{Query.Needed(wish.Source, "source")}/{Query.Needed(wish.Key, "key")}", ct).ConfigureAwait(false) is { } story ? TypedResults.Ok(story) : Missing("The ledger knows no such completion."))
            .For(Role.Viewer, "people", "trace-completion", "The story of one completion, step by step. Its key travels in the body: platforms put addresses into keys.");
        api.MapGet("doctor", async (DoctorDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.LookAsync(ct).ConfigureAwait(false)))
            .For(Role.Operator, "sources", "doctor", "Looks, from this worker, at everything that it needs, and says what to do about what is not well.");
        api.MapGet("completions", async (string? source, string? course, string? cause, bool? held, bool? withoutCredential, DateTimeOffset? since, string? after, int? limit, OperatorLedger ledger, CancellationToken ct) =>
            TypedResults.Ok(await ledger.CompletionsAsync(
                new CompletionFilter { Source = Query.Word(source), Course = Query.Word(course), Cause = Query.Word(cause), Held = held ?? false, WithoutCredential = withoutCredential ?? false, SeenSince = since },
                Query.Word(after), Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "completions", "Completions, newest first.");
        api.MapPost("people/find", async (FindPerson wish, PersonDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.FindAsync(Query.Needed(wish.Identifier, "identifier"), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "people", "find-person", "Who has an identifier. It travels in the body, so that it stands in no log.");
        api.MapGet("people/{subject:guid}", async Task<Results<Ok<PersonView>, ProblemHttpResult>> (Guid subject, PersonDesk desk, CancellationToken ct) =>
            await desk.TraceAsync(subject, ct).ConfigureAwait(false) is { } view ? TypedResults.Ok(view) : Missing($"The ledger knows nobody with the subject id {subject}."))
            .For(Role.Viewer, "people", "person", "Everything about one person, by subject id.");
        api.MapGet("people/{subject:guid}/credentials/{credential}", async (Guid subject, string credential, PersonDesk desk, CancellationToken ct) => TypedResults.Ok(await desk.ExplainAsync(subject, credential, ct).ConfigureAwait(false)))
            .For(Role.Viewer, "people", "explain", "Why a person has a credential or has it not, and what would have to happen.");
        api.MapGet("rule-books", async (ILedger ledger, CancellationToken ct) => TypedResults.Ok(await ledger.RuleBooksAsync(ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "rule-books", "Which rule books decided since when, the newest first.");
        api.MapGet("audit", async (string? target, string? who, string? verb, string? after, int? limit, OperatorLedger ledger, CancellationToken ct) =>
            TypedResults.Ok(await ledger.ActsAsync(Query.Word(target), Query.Word(who), Query.Word(verb), Query.Word(after), Query.Limit(limit), ct).ConfigureAwait(false)))
            .For(Role.Viewer, "read", "audit", "Who did what, when and why.");
        api.MapGet("causes", () => TypedResults.Ok(CauseBook.All)).For(Role.Viewer, "read", "causes", "Every cause code with who can fix it and what to do.");
    }

    public static ProblemHttpResult Missing(string sentence) => TypedResults.Problem(sentence, statusCode: StatusCodes.Status404NotFound);
}

/// <summary>A completion, by its source and the platform's own key.</summary>
internal sealed record TraceCompletion(string? Source, string? Key);

/// <summary>Who is looked for.</summary>
internal sealed record FindPerson(string? Identifier);

/// <summary>An issuance with its story.</summary>
internal sealed record IssuanceView(IssuanceLine Issuance, Story Story, IReadOnlyList<JobLine> Jobs);
