using CredSync.Core.Issuance;
using CredSync.Issuers;

namespace CredSync.Core.Rules;

/// <summary>Decides about one person, one definition after the other in the order of their ranks.</summary>
/// <param name="setting">The time zone and the like.</param>
/// <param name="evaluation">The facts.</param>
/// <param name="now">The present, which only tells whether a date lies ahead or a credential has expired already.</param>
/// <param name="thorough">Whether every decision carries the whole trace, also where the rule need not be looked at.</param>
internal sealed class DecisionMaker(RuleBookSetting setting, Evaluation evaluation, DateTimeOffset now, bool thorough)
{
    // A clock that is a little ahead is common, a completion of the day after tomorrow is a mistake.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    // With fewer lines, looking through them is as quick.
    private const int WorthAnIndex = 16;

    private readonly List<Fulfilment> found = [];
    private Dictionary<(string Definition, string Occurrence), HeldIssuance>? lines;
    private readonly ConsentGate consent = new(setting, evaluation.History);

    public List<Decision> Decisions { get; } = [];

    /// <summary>Decides about one definition.</summary>
    /// <returns>Whether the person earned it, so that rules that ask for it must be looked at.</returns>
    public bool Decide(CompiledDefinition definition)
    {
        CredentialDefinition what = definition.Definition;
        if ((evaluation.HasLapsed || (evaluation.HasLapsedCredentials && definition.AsksForCredentials)) && what.OnRevoked != RevocationPolicy.Keep)
        {
            Decisions.AddRange(RevocationFinder.Find(definition, evaluation, setting));
        }

        if (!thorough && !definition.IsRenewable && what.Occurrence == Occurrence.Once && what.Issuers.Count == 1
            && Held(definition, OccurrenceFinder.Once) is { } once && !IsDecidedAgain(once) && once.State != IssuanceState.Planned)
        {
            Decisions.Add(Skip(definition, Already(once), CompiledDefinition.HeldTrace));
            return false;
        }

        if (Exclusion(definition) is { } excluded)
        {
            Decisions.Add(excluded);
            return false;
        }

        bool earned = false;
        Decision? skip = null;
        int before = Decisions.Count;
        for (int issuer = 0; issuer < what.Issuers.Count; issuer++)
        {
            found.Clear();
            OccurrenceFinder.Find(definition, evaluation, definition.Suffixes[issuer], setting, found);
            foreach (Fulfilment fulfilment in found)
            {
                Decision decision = Decide(definition, issuer, fulfilment, ref earned);
                if (decision is Decision.Skip)
                {
                    skip = decision;
                }
                else
                {
                    Decisions.Add(decision);
                }
            }
        }

        if (Decisions.Count == before)
        {
            Decisions.Add(skip ?? NotEarned(definition));
        }

        return earned;
    }

    private Decision Decide(CompiledDefinition definition, int issuer, Fulfilment fulfilment, ref bool earned)
    {
        string occurrence = fulfilment.Occurrence + definition.Suffixes[issuer];
        HeldIssuance? held = Held(definition, occurrence);
        // What was planned stays planned, whatever facts say by now, but for a consent that was taken back before it left.
        bool isRefused = held?.State == IssuanceState.Planned && consent.CauseOf(definition, issuer, OccurrenceFinder.Choices(definition, evaluation, fulfilment)) is not null;
        if (held is { } existing && !IsDecidedAgain(existing) && !isRefused)
        {
            return Skip(definition, Already(existing), thorough ? TraceOf(definition, fulfilment) : CompiledDefinition.HeldTrace);
        }

        List<Choice> chosen = OccurrenceFinder.Choices(definition, evaluation, fulfilment);
        AwardFacts? award = fulfilment.When == When.Undated ? null : Awards.Of(definition.Definition, fulfilment.When, chosen);
        bool hasExpired = award?.ExpiresAt <= now;
        string? cause = isRefused ? HoldCauses.ConsentMissing : Awards.HoldCause(fulfilment, award, now + ClockTolerance) ?? consent.CauseOf(definition, issuer, chosen) ?? Awards.ApprovalCause(definition);
        if (award is not null && cause is null)
        {
            // Also one that has expired was earned: a rule that asks for it may have been fulfilled while it was valid.
            Remember(definition, award);
            earned = true;
        }

        RuleTrace trace = TraceOf(definition, fulfilment);
        if (hasExpired)
        {
            return Skip(definition, $"earned on {RuleWords.Date(fulfilment.When)}, but expired since {RuleWords.Date(award!.ExpiresAt!.Value.UtcTicks)}", trace) with { ExpiredAt = award.ExpiresAt };
        }

        string issuerName = definition.Definition.Issuers[issuer].Issuer;
        if (cause is null)
        {
            return new Decision.Issue
            {
                Definition = definition.Definition.Id,
                Subject = held?.Key.Subject ?? evaluation.History.Subject,
                Reason = Awards.Reason(fulfilment.When, chosen),
                Trace = trace,
                Occurrence = occurrence,
                Award = award!,
                Issuer = issuerName,
            };
        }

        if (held is { } waiting && waiting.Cause == cause)
        {
            return Skip(definition, Already(waiting), trace);
        }

        return new Decision.Hold
        {
            Definition = definition.Definition.Id,
            Subject = held?.Key.Subject ?? evaluation.History.Subject,
            Reason = Awards.HoldReason(cause),
            Trace = trace,
            Occurrence = occurrence,
            Award = award,
            Issuer = issuerName,
            Cause = cause,
            Remedy = Awards.Remedy(cause, definition.Definition),
            Within = cause == HoldCauses.Approval ? definition.Definition.Approval?.Within : null,
        };
    }

    private void Remember(CompiledDefinition definition, AwardFacts award)
    {
        evaluation.Add(new CredentialFact(definition.Rank, award.EarnedAt.UtcTicks, award.ExpiresAt?.UtcTicks ?? long.MaxValue));
    }

    private Decision.Skip? Exclusion(CompiledDefinition definition)
    {
        if (definition.Unless is not { } unless)
        {
            return null;
        }

        evaluation.Scope = default;
        evaluation.ValidAt = null;
        if (unless.When(evaluation, When.Start, When.End) == When.Never)
        {
            return null;
        }

        RuleTrace excluding = unless.Trace(evaluation, When.Start, When.End);
        string sentence = $"excluded by: {RuleWords.Of(unless.Rule)}";
        return Skip(definition, sentence, new RuleTrace
        {
            Node = "earned, and not excluded",
            Met = false,
            Facts = excluding.Facts,
            Missing = sentence,
            Children = [definition.Earn.Trace(evaluation, When.Start, When.End), excluding],
        });
    }

    private Decision.Skip NotEarned(CompiledDefinition definition)
    {
        evaluation.Scope = default;
        evaluation.ValidAt = null;
        RuleTrace trace = definition.Earn.Trace(evaluation, When.Start, When.End);
        string reason = trace.Missing is { } missing ? $"not earned: {missing}"
            : definition.IsRenewable && evaluation.Credentials.Any(c => c.Rank == definition.Rank) ? "already issued; nothing since then renews it"
            : definition.AsksForCredentials ? "not earned: a credential that the rule asks for was not valid at the right time"
            : "not earned: no single occurrence fulfils the whole rule";
        return Skip(definition, reason, trace);
    }

    private RuleTrace TraceOf(CompiledDefinition definition, Fulfilment fulfilment)
    {
        long when = OccurrenceFinder.Fulfilled(definition, evaluation, fulfilment.Scope);
        return definition.Earn.Trace(evaluation, When.Start, evaluation.ValidAt is null ? When.End : when);
    }

    private Decision.Skip Skip(CompiledDefinition definition, string reason, RuleTrace trace) => new()
    {
        Definition = definition.Definition.Id,
        Subject = evaluation.History.Subject,
        Reason = reason,
        Trace = trace,
    };

    // Somebody who was merged into this person may have the same: what goes furthest counts, and of two that wait the person's own.
    private HeldIssuance? Held(CompiledDefinition definition, string occurrence)
    {
        if (evaluation.History.Issuances.Count > WorthAnIndex)
        {
            return (lines ??= Index()).TryGetValue((definition.Definition.Id, occurrence), out HeldIssuance line) ? line : null;
        }

        HeldIssuance? best = null;
        foreach (HeldIssuance held in evaluation.History.Issuances)
        {
            if (held.Key.Occurrence == occurrence && held.Key.Definition == definition.Definition.Id)
            {
                if (best is not { } other || Rank(held) > Rank(other))
                {
                    best = held;
                }
            }
        }

        return best;
    }

    private Dictionary<(string Definition, string Occurrence), HeldIssuance> Index()
    {
        var index = new Dictionary<(string, string), HeldIssuance>();
        foreach (HeldIssuance held in evaluation.History.Issuances)
        {
            (string, string) name = (held.Key.Definition, held.Key.Occurrence);
            if (!index.TryGetValue(name, out HeldIssuance other) || Rank(held) > Rank(other))
            {
                index[name] = held;
            }
        }

        return index;
    }

    private int Rank(HeldIssuance held) => held.State switch
    {
        IssuanceState.Issued => 10,
        IssuanceState.Sent => 8,
        IssuanceState.Planned => 6,
        IssuanceState.Held => held.Cause == HoldCauses.SameAsAnother ? 0 : 2,
        _ => 4,
    } + (held.Key.Subject == evaluation.History.Subject ? 1 : 0);

    private static bool IsDecidedAgain(HeldIssuance held) => held.State == IssuanceState.Held && HoldCauses.IsSettledByFacts(held.Cause);

    private static string Already(HeldIssuance held) => held.State switch
    {
        IssuanceState.Issued => "already issued",
        IssuanceState.Sent => "already sent to the issuer",
        IssuanceState.Planned => "already planned",
        IssuanceState.Refused => "already refused by the issuer; plan it again by hand when the cause is mended",
        IssuanceState.Revoked => "revoked; the same right is not awarded again",
        _ => "already held, and waits to be settled",
    };
}
