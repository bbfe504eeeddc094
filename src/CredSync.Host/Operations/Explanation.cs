using System.Globalization;
using CredSync.Completions;
using CredSync.Core.Plans;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;

namespace CredSync.Host.Operations;

/// <summary>Why one person has, or has not, one credential.</summary>
internal sealed record Explanation
{
    public required Guid Subject { get; init; }

    /// <summary>The kinds of identifier by which the person was found.</summary>
    public required IReadOnlyList<string> FoundBy { get; init; }

    /// <summary>The kinds of identifier by which completions are matched to the person; never their values.</summary>
    public required IReadOnlyList<IdentifierOrigin> KnownBy { get; init; }

    public required string Credential { get; init; }

    public required string RuleBook { get; init; }

    /// <summary>Whether the rule in force is fulfilled.</summary>
    public required bool Met { get; init; }

    public required string Reason { get; init; }

    public required ExplainedNode Tree { get; init; }

    public required IReadOnlyList<ExplainedIssuance> Issuances { get; init; }

    /// <summary>What would have to happen for the credential to be issued; empty when it is, or is on its way.</summary>
    public required IReadOnlyList<string> NextSteps { get; init; }

    public static async Task<Explanation> OfAsync(ILedger ledger, RuleBook ruleBook, FoundPerson person, string credential, DateTimeOffset now, CancellationToken ct) =>
        Of(ruleBook, await PersonFacts.OfAsync(ledger, person, ct).ConfigureAwait(false), credential, now);

    /// <summary>Explains one credential with what the ledger holds of the person.</summary>
    public static Explanation Of(RuleBook ruleBook, PersonFacts facts, string credential, DateTimeOffset now)
    {
        CredentialDefinition definition = ruleBook.Find(credential)!;
        PlanPerson all = facts.All;
        IReadOnlyList<IssuanceLine> lines = facts.Issuances;
        List<ExplainedIssuance> issuances = [.. lines.Where(l => l.Definition == credential).Select(l => ExplainedIssuance.Of(l, facts.Reviews.GetValueOrDefault(l.Id)))];

        // With several occurrences, the newest that came out well tells the most; else why the last did not.
        IReadOnlyList<Decision> decisions = ruleBook.Explain(all.History, credential, now);
        Decision decision = decisions.LastOrDefault(d => d is not Decision.Skip) ?? decisions[^1];
        var steps = new List<string>(definition.Unless is null || decision.Trace.Met ? Core.Plans.NextSteps.Of(definition.Earn, decision.Trace) : [decision.Reason]);
        bool underWay = issuances.Exists(i => i.Under is "issued" or "planned" or "sent" or "held" or "refused" or "revoked");
        if (decision.Trace.Met && !underWay && decision is not Decision.Skip)
        {
            steps.Add("the history is looked at again: credsync plan --person, then apply");
        }

        steps.AddRange(issuances.Select(i => i.WhatToDo).OfType<string>());
        return new Explanation
        {
            Subject = facts.Person.Subject,
            FoundBy = facts.Person.Kinds,
            KnownBy = facts.KnownBy,
            Credential = credential,
            RuleBook = ruleBook.Revision,
            Met = decision.Trace.Met,
            Reason = decision.Reason,
            Tree = ExplainedNode.Of(definition.Earn, decision.Trace, facts.Completions, lines),
            Issuances = issuances,
            NextSteps = issuances.Exists(i => i.Under is "issued" or "planned" or "sent") ? [.. issuances.Select(i => i.WhatToDo).OfType<string>()] : steps,
        };
    }
}

/// <summary>What the ledger holds of one person, read once for all that is explained of them.</summary>
internal sealed record PersonFacts
{
    public required FoundPerson Person { get; init; }

    public required PlanPerson All { get; init; }

    /// <summary>The completions by their keys.</summary>
    public required IReadOnlyDictionary<string, Completion> Completions { get; init; }

    public required IReadOnlyList<IssuanceLine> Issuances { get; init; }

    /// <summary>Open reviews by issuance.</summary>
    public required IReadOnlyDictionary<Guid, HeldLine> Reviews { get; init; }

    public required IReadOnlyList<IdentifierOrigin> KnownBy { get; init; }

    public static async Task<PersonFacts> OfAsync(ILedger ledger, FoundPerson person, CancellationToken ct)
    {
        PlanPerson all;
        await using (IHistoryReading reading = await ledger.OpenReadingAsync(ct).ConfigureAwait(false))
        {
            all = (await reading.PersonAsync(person.Subject, ct).ConfigureAwait(false))!;
        }

        IReadOnlyList<IssuanceLine> lines = await ledger.IssuancesOfAsync(person.Subject, ct).ConfigureAwait(false);
        var reviews = new Dictionary<Guid, HeldLine>();
        foreach (IssuanceLine line in lines.Where(l => l.State is Core.Issuance.IssuanceState.Sent or Core.Issuance.IssuanceState.Issued))
        {
            if ((await ledger.HeldAsync(new HeldFilter(line.Id), 1, ct).ConfigureAwait(false)).FirstOrDefault(h => h.IsReview) is { } review)
            {
                reviews[line.Id] = review;
            }
        }

        return new PersonFacts
        {
            Person = person, All = all, Issuances = lines, Reviews = reviews, KnownBy = await ledger.IdentifiersOfAsync(person.Subject, ct).ConfigureAwait(false),
            Completions = all.History.Completions.ToDictionary(c => c.Key.ToString(), StringComparer.Ordinal),
        };
    }
}

/// <summary>A node of a rule with what meets it, or what is missing.</summary>
internal sealed record ExplainedNode(string Node, bool Met, string? Missing, IReadOnlyList<ExplainedFact> Facts, IReadOnlyList<ExplainedNode> Children)
{
    public static ExplainedNode Of(Rule? rule, RuleTrace trace, IReadOnlyDictionary<string, Completion> completions, IReadOnlyList<IssuanceLine> issuances)
    {
        if (trace.Children.Count > 0)
        {
            // An excluded person's trace has the rule and what excludes below it, instead of the rule's own nodes.
            bool parallel = rule is not null && rule.Children.Count == trace.Children.Count;
            return new ExplainedNode(trace.Node, trace.Met, trace.Missing, [], [.. trace.Children.Select((child, i) => Of(parallel ? rule!.Children[i] : null, child, completions, issuances))]);
        }

        List<ExplainedFact> facts = [.. trace.Facts.Select(f => completions.GetValueOrDefault(f)).OfType<Completion>().Select(ExplainedFact.Of)];
        if (rule is CredentialRule credential)
        {
            facts.AddRange(issuances.Where(i => i.Definition == credential.Credential).Select(ExplainedFact.Of));
        }

        return new ExplainedNode(trace.Node, trace.Met, trace.Missing, facts, []);
    }
}

/// <summary>A fact behind a node: a completion, or a credential that is held.</summary>
internal sealed record ExplainedFact(string Key, string Sentence)
{
    public static ExplainedFact Of(Completion completion)
    {
        string words = completion.Status.ToString().ToLowerInvariant();
        words += completion.CompletedAt is { } at ? $" on {Words.Day(at)}" : ", without a date";
        words += ScoreCondition.FractionOf(completion.Score) is { } fraction ? string.Create(CultureInfo.InvariantCulture, $", score {fraction * 100:0.##} %") : ", without a score";
        words += completion.Passed switch { true => ", passed", false => ", not passed", null => "" };
        return new ExplainedFact(completion.Key.ToString(), words);
    }

    public static ExplainedFact Of(IssuanceLine issuance) => new(
        issuance.Id.ToString(), $"{issuance.Definition} {issuance.State.ToString().ToLowerInvariant()}{(issuance.EarnedAt is { } at ? $", earned on {Words.Day(at)}" : "")}");
}

/// <summary>Where an issuance stands, and what a person can do about it.</summary>
internal sealed record ExplainedIssuance(Guid Id, string Under, string Occurrence, string Issuer, DateTimeOffset? EarnedAt, DateTimeOffset? ExpiresAt, string DecidedBy, string? Cause, string? Sentence, string? CredentialId, string? WhatToDo)
{
    public static ExplainedIssuance Of(IssuanceLine line, HeldLine? review)
    {
        string state = line.State.ToString().ToLowerInvariant();
        string? toDo = review is not null ? $"the credential is under review ({review.Cause}): credsync holds approve {line.Id} keeps it, credsync holds reject {line.Id} asks for its revocation"
            : line.State == Core.Issuance.IssuanceState.Held ? line.Cause switch
            {
                _ when line.SentAt is not null => $"it waits at the issuer's side: {line.Sentence}",
                HoldCauses.NoLongerEarned => null,
                HoldCauses.Approval => $"credsync holds approve {line.Id} --why '…', or reject{(line.SettleBy is { } end ? $"; with no answer it settles itself on {Words.Day(end)}" : "")}",
                _ => line.Sentence,
            }
            : line.State == Core.Issuance.IssuanceState.Refused ? $"the refusal is settled: {line.Sentence}"
            : line.State == Core.Issuance.IssuanceState.Revoked ? $"it was revoked on {Words.Day(line.RevokedAt!.Value)}; the same right is not awarded again"
            : null;
        return new ExplainedIssuance(
            line.Id, state, line.Occurrence, line.Issuer, line.EarnedAt, line.ExpiresAt, line.RuleBookRevision, review?.Cause ?? line.Cause, review?.Sentence ?? line.Sentence, line.CredentialId, toDo);
    }
}
