using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CredSync.Completions;
using CredSync.Core.Issuance;

namespace CredSync.Core.Rules;

/// <summary>One time that a person fulfilled a rule.</summary>
/// <param name="Occurrence">Which time; part of the issuance key.</param>
/// <param name="When">When it was fulfilled; see <see cref="Rules.When"/>.</param>
/// <param name="Scope">Which completions count for it.</param>
/// <param name="HoldCause">Why it cannot be issued whatever its date; null when it can.</param>
internal readonly record struct Fulfilment(string Occurrence, long When, Scope Scope, string? HoldCause = null);

/// <summary>Finds every time that a person fulfilled a rule.</summary>
internal static class OccurrenceFinder
{
    public const string Once = "once";
    public const string Undated = "undated";
    private const string NoRun = "no-run";
    private const int LengthOfHash = 16;

    // Most often one of the first dates is it; these are asked about one by one.
    private const int WorthASweep = 8;

    /// <summary>Finds the occurrences for one issuer, oldest first.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="evaluation">The facts; its scope is changed.</param>
    /// <param name="suffix">What the issuer adds to occurrences in the ledger.</param>
    /// <param name="setting">The time zone.</param>
    /// <param name="found">Receives the occurrences.</param>
    public static void Find(CompiledDefinition definition, Evaluation evaluation, string suffix, RuleBookSetting setting, List<Fulfilment> found)
    {
        switch (definition.Definition.Occurrence)
        {
            case Occurrence.Each:
                FindEach(definition, evaluation, found);
                KeepNames(definition, evaluation, suffix, setting, found);
                break;
            case Occurrence.PerYear:
                FindPerYear(definition, evaluation, setting, found);
                KeepNames(definition, evaluation, suffix, setting, found);
                break;
            case Occurrence.PerCohort:
                FindPerCohort(definition, evaluation, found);
                KeepNames(definition, evaluation, suffix, setting, found);
                break;
            default:
                if (definition.Definition.Validity is { } validity)
                {
                    FindRenewals(definition, evaluation, suffix, validity, found);
                }
                else if (Fulfilled(definition, evaluation, default) is var when and not When.Never)
                {
                    found.Add(new Fulfilment(NameInLedger(definition, evaluation, suffix), when, default));
                }

                break;
        }
    }

    /// <summary>When the rule was first fulfilled by the completions of a scope and credentials that were valid then.</summary>
    public static long Fulfilled(CompiledDefinition definition, Evaluation evaluation, Scope scope)
    {
        evaluation.Scope = scope;
        evaluation.ValidAt = null;
        long when = definition.Earn.When(evaluation, When.Start, When.End);
        if (when >= When.Undated || !definition.AsksForCredentials || !evaluation.Credentials.Any(c => c.Before != long.MaxValue))
        {
            return when;
        }

        // Credentials that expire: the first date on which all that is needed had happened and every credential was still valid.
        List<long> dates = [];
        definition.Earn.CollectDates(evaluation, When.Start, When.End, dates);
        dates.Sort();
        for (int i = 0; i < dates.Count; i++)
        {
            long at = dates[i];
            if (i == WorthASweep && WindowSweep.TryFindValid(definition.Earn, evaluation, dates, out long first))
            {
                evaluation.ValidAt = first == When.Never ? null : first;
                return first;
            }

            evaluation.ValidAt = at;
            if (definition.Earn.When(evaluation, When.Start, at) < When.Undated)
            {
                return at;
            }
        }

        evaluation.ValidAt = null;
        return When.Never;
    }

    /// <summary>The facts behind a fulfilment. Leaves the evaluation as it was when the rule was fulfilled, for tracing.</summary>
    public static List<Choice> Choices(CompiledDefinition definition, Evaluation evaluation, Fulfilment fulfilment)
    {
        long when = Fulfilled(definition, evaluation, fulfilment.Scope);
        List<Choice> chosen = [];
        definition.Earn.Choose(evaluation, When.Start, evaluation.ValidAt is null ? When.End : when, chosen);
        return chosen;
    }

    /// <summary>The name of the occurrence that one completion stands for: it stays the same when the platform corrects the date.</summary>
    public static string NameOf(CompletionKey key) => Hash(key.ToString());

    // A year's completions, and a credential that may be older.
    public static Scope YearScope(int year, RuleBookSetting setting)
    {
        var first = new DateOnly(year, 1, 1);
        DateOnly next = year >= 9999 ? DateOnly.MaxValue : new DateOnly(year + 1, 1, 1);
        return new Scope
        {
            From = setting.StartOf(first),
            Before = setting.StartOf(next),
            FromDate = RuleBookSetting.DateOf(first),
            BeforeDate = RuleBookSetting.DateOf(next),
        };
    }

    public static string NameOfRun(string run) => run.Length is > 0 and <= 80 && !run.Contains('@', StringComparison.Ordinal) ? run : Hash(run);

    /// <summary>Whether an occurrence is named by a year.</summary>
    public static bool IsYear(string occurrence) => occurrence.Length == 4 && int.TryParse(occurrence, NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year > 0;

    /// <summary>Whether the definition, as its occurrence is now, would give no fulfilment of this person this name: it was given while it had another.</summary>
    public static bool IsNamedOtherwise(CompiledDefinition definition, Evaluation evaluation, string name) => definition.Definition.Occurrence switch
    {
        Occurrence.Each => name.Length != LengthOfHash || !evaluation.NamedBy(name).Any(),
        Occurrence.PerYear => !IsYear(name) && name != Undated,
        Occurrence.PerCohort => name != NoRun && !evaluation.Completions.Any(c => c.Course.Run is { } run && NameOfRun(run) == name),
        _ => false,
    };

    /// <summary>Whether a line that was named otherwise is this time of fulfilling the rule: it was earned on the same date, or in the same year.</summary>
    public static bool IsSameTime(CompiledDefinition definition, HeldIssuance held, string occurrence, long when, RuleBookSetting setting) => held.EarnedAt is { } earned
        && (earned.UtcTicks == when || (definition.Definition.Occurrence == Occurrence.PerYear && IsYear(occurrence) && setting.YearOf(earned) == int.Parse(occurrence, CultureInfo.InvariantCulture)));

    // What was given while the definition had another occurrence is the same right, is not given twice, and keeps its name.
    private static void KeepNames(CompiledDefinition definition, Evaluation evaluation, string suffix, RuleBookSetting setting, List<Fulfilment> found)
    {
        List<HeldIssuance>? others = null;
        HashSet<string>? names = null;
        foreach (HeldIssuance held in evaluation.History.Issuances)
        {
            if (held.Key.Definition != definition.Definition.Id || !IsOf(held.Key.Occurrence, suffix))
            {
                continue;
            }

            string name = held.Key.Occurrence[..^suffix.Length];
            (names ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
            if (!IsSetAside(held) && IsNamedOtherwise(definition, evaluation, name))
            {
                (others ??= []).Add(held);
            }
        }

        if (others is null)
        {
            return;
        }

        others.Sort(static (a, b) => Nullable.Compare(a.EarnedAt, b.EarnedAt) is var order and not 0 ? order : string.CompareOrdinal(a.Key.Occurrence, b.Key.Occurrence));
        for (int i = 0; i < found.Count && others.Count > 0; i++)
        {
            if (!names!.Contains(found[i].Occurrence) && others.FindIndex(o => IsSameTime(definition, o, found[i].Occurrence, found[i].When, setting)) is var at and >= 0)
            {
                found[i] = found[i] with { Occurrence = others[at].Key.Occurrence[..^suffix.Length] };
                others.RemoveAt(at);
            }
        }
    }

    private static void FindEach(CompiledDefinition definition, Evaluation evaluation, List<Fulfilment> found)
    {
        foreach (Completion completion in InOrder(evaluation))
        {
            Scope scope = new() { Only = completion };
            if (Fulfilled(definition, evaluation, scope) is var when and not When.Never && UsesCompletion(definition, evaluation, scope, when))
            {
                found.Add(new Fulfilment(NameOf(completion.Key), when, scope));
            }
        }
    }

    private static void FindPerYear(CompiledDefinition definition, Evaluation evaluation, RuleBookSetting setting, List<Fulfilment> found)
    {
        evaluation.Scope = default;
        int[] years = [.. evaluation.Completions.Where(c => c.CompletedAt is not null && evaluation.Counts(c))
            .Select(setting.YearOf).Distinct().Order()];
        foreach (int year in years)
        {
            Scope scope = YearScope(year, setting);
            if (Fulfilled(definition, evaluation, scope) is var when and not When.Never && UsesCompletion(definition, evaluation, scope, when))
            {
                found.Add(new Fulfilment(year.ToString("0000", CultureInfo.InvariantCulture), when, scope));
            }
        }

        // Beside years that are known, what has no date earns another one only by itself: with a date it would lie in one of them, or in a new one.
        Scope rest = found.Count == 0 ? default : new Scope { Undated = true };
        if (Fulfilled(definition, evaluation, rest) == When.Undated && UsesCompletion(definition, evaluation, rest, When.Undated))
        {
            found.Add(new Fulfilment(Undated, When.Undated, rest));
        }
    }

    private static void FindPerCohort(CompiledDefinition definition, Evaluation evaluation, List<Fulfilment> found)
    {
        foreach (string run in evaluation.Completions.Select(c => c.Course.Run).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray())
        {
            Scope scope = new() { Run = run };
            if (Fulfilled(definition, evaluation, scope) is var when and not When.Never && UsesCompletion(definition, evaluation, scope, when))
            {
                found.Add(new Fulfilment(NameOfRun(run), when, scope));
            }
        }

        // As for years: beside runs that are known, what has none counts only by itself.
        Scope rest = found.Count == 0 ? default : new Scope { WithoutRun = true };
        if (Fulfilled(definition, evaluation, rest) is not (var whole and not When.Never))
        {
            return;
        }

        List<Choice> chosen = Choices(definition, evaluation, new Fulfilment("", whole, rest));
        if (chosen.Exists(c => c.Completion is { Course.Run: null }))
        {
            found.Add(new Fulfilment(NoRun, whole, rest, HoldCauses.CohortUnknown));
        }
    }

    // Goes on from the last one in the ledger; without any, from the first fulfilment that the facts show.
    private static void FindRenewals(CompiledDefinition definition, Evaluation evaluation, string suffix, Validity validity, List<Fulfilment> found)
    {
        Scope scope = default;
        long last = long.MinValue;
        if (LastHeld(definition, evaluation, suffix) is { } held)
        {
            if (held.ExpiresAt is not { } expires)
            {
                return;
            }

            last = held.EarnedAt!.Value.UtcTicks;
            scope = After(expires, validity);
        }

        // Without a last one, the ledger may still hold one that was named while the definition had no validity: it is this one.
        string? called = last == long.MinValue && evaluation.History.Issuances.Any(i => i.Key.Definition == definition.Definition.Id && i.Key.Occurrence == Once + suffix) ? Once : null;
        while (Fulfilled(definition, evaluation, scope) is var when and not When.Never && when > last)
        {
            var fulfilment = new Fulfilment("", when, scope);
            found.Add(fulfilment with { Occurrence = called ?? NameOf(definition, evaluation, fulfilment) });
            if (when == When.Undated)
            {
                return;
            }

            called = null;
            last = when;
            scope = After(validity.For.After(new DateTimeOffset(when, TimeSpan.Zero)), validity);
        }
    }

    private static Scope After(DateTimeOffset expires, Validity validity)
    {
        long from = (validity.RenewWithin is { } early ? early.Before(expires) : expires).UtcTicks;
        return new Scope { From = from, FromDate = from };
    }

    private static HeldIssuance? LastHeld(CompiledDefinition definition, Evaluation evaluation, string suffix)
    {
        HeldIssuance? last = null;
        foreach (HeldIssuance held in evaluation.History.Issuances)
        {
            if (held.Key.Definition == definition.Definition.Id && IsOf(held.Key.Occurrence, suffix) && held.EarnedAt is { } earned
                && held.State is not (IssuanceState.Refused or IssuanceState.Revoked) && !IsSetAside(held) && (last is null || earned > last.Value.EarnedAt))
            {
                last = held;
            }
        }

        return last;
    }

    // The one that the ledger holds is this one, whatever it was called while the definition had a validity or another occurrence: the right is the same, and is given once.
    private static string NameInLedger(CompiledDefinition definition, Evaluation evaluation, string suffix)
    {
        HeldIssuance? best = null;
        foreach (HeldIssuance held in evaluation.History.Issuances)
        {
            if (held.Key.Definition != definition.Definition.Id || !IsOf(held.Key.Occurrence, suffix))
            {
                continue;
            }

            if (held.Key.Occurrence.Length == Once.Length + suffix.Length && held.Key.Occurrence.StartsWith(Once, StringComparison.Ordinal))
            {
                return Once;
            }

            if (best is not { } other || Precedes(held, other))
            {
                best = held;
            }
        }

        return best is { } last ? last.Key.Occurrence[..^suffix.Length] : Once;
    }

    private static bool Precedes(HeldIssuance held, HeldIssuance other) =>
        IsSetAside(held) != IsSetAside(other) ? IsSetAside(other)
        : held.EarnedAt != other.EarnedAt ? other.EarnedAt is null || held.EarnedAt > other.EarnedAt
        : string.CompareOrdinal(held.Key.Occurrence, other.Key.Occurrence) < 0;

    // What facts do not earn any more, or what somebody merged into the person has as well, is nobody's last one.
    private static bool IsSetAside(HeldIssuance held) => held is { State: IssuanceState.Held, Cause: HoldCauses.NoLongerEarned or HoldCauses.SameAsAnother };

    /// <summary>Whether an occurrence in the ledger is that of one issuer.</summary>
    public static bool IsOf(string occurrence, string suffix) =>
        suffix.Length == 0 ? !occurrence.Contains('@', StringComparison.Ordinal) : occurrence.EndsWith(suffix, StringComparison.Ordinal);

    // Named by the completion that fulfilled it last.
    private static string NameOf(CompiledDefinition definition, Evaluation evaluation, Fulfilment fulfilment)
    {
        Completion? deciding = null;
        long at = long.MinValue;
        foreach (Choice choice in Choices(definition, evaluation, fulfilment))
        {
            if (choice.Completion is { } completion && (choice.At > at || (choice.At == at && CourseNode.ComesBefore(completion, deciding!))))
            {
                (deciding, at) = (completion, choice.At);
            }
        }

        return deciding is null ? Once : NameOf(deciding.Key);
    }

    private static bool UsesCompletion(CompiledDefinition definition, Evaluation evaluation, Scope scope, long when) =>
        Choices(definition, evaluation, new Fulfilment("", when, scope)).Exists(c => c.Completion is not null);

    private static Completion[] InOrder(Evaluation evaluation)
    {
        Completion[] completions = [.. evaluation.Completions.DistinctBy(c => c.Key)];
        Array.Sort(completions, static (a, b) =>
        {
            int order = Nullable.Compare(a.CompletedAt, b.CompletedAt);
            return order != 0 ? order : CourseNode.ComesBefore(a, b) ? -1 : 1;
        });
        return completions;
    }

    private static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..8]);
    }
}
