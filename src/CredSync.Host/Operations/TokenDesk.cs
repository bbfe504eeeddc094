using System.Reflection;
using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using CredSync.Registration;

namespace CredSync.Host.Operations;

/// <summary>How long tokens are good, as the configuration says it: each adapter's setting <c>token_expires</c>.</summary>
internal sealed class TokenDesk(ActiveConfiguration active, TimeProvider time)
{
    /// <summary>How far ahead an end counts as soon.</summary>
    public const int SoonDays = 30;

    private const string Setting = "token_expires";

    /// <summary>All tokens whose last day is known, the soonest first.</summary>
    public IReadOnlyList<TokenView> All() => Of(active.Current, time.GetUtcNow());

    /// <summary>All tokens of a configuration whose last day is known, the soonest first.</summary>
    public static IReadOnlyList<TokenView> Of(Configuration configuration, DateTimeOffset now)
    {
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        return
        [
            .. configuration.Sources.Select(s => (Kind: "source", s.Name, s.Options)).Concat(configuration.Issuers.Select(i => (Kind: "issuer", i.Name, i.Options)))
                .Select(c => LastDay(c.Options) is { } last ? new TokenView(c.Kind, c.Name, last, last.DayNumber - today.DayNumber) : null).OfType<TokenView>()
                .OrderBy(t => t.LastDay).ThenBy(t => t.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Those that end soon, or have ended.</summary>
    public IReadOnlyList<TokenView> Soon() => [.. All().Where(t => t.DaysLeft <= SoonDays)];

    private static DateOnly? LastDay(object options) => options.GetType().GetProperties()
        .FirstOrDefault(p => p.GetCustomAttribute<SettingAttribute>()?.Name == Setting && p.PropertyType == typeof(DateOnly?))?.GetValue(options) as DateOnly?;
}

/// <summary>A token whose last day is known.</summary>
/// <param name="Kind"><c>source</c> or <c>issuer</c>.</param>
/// <param name="Name">Whose it is.</param>
/// <param name="LastDay">The last day on which it is good, UTC.</param>
/// <param name="DaysLeft">Days until then; 0 today, below 0 when it has ended.</param>
internal sealed record TokenView(string Kind, string Name, DateOnly LastDay, int DaysLeft);
