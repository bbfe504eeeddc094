using CredSync.Conformance.Http;
using CredSync.Sources;

namespace CredSync.Conformance.Sources;

/// <summary>What every source adapter must hold (contract: <see cref="ICompletionSource"/>), as a list of cases.</summary>
/// <example>
/// With xunit:
/// <code>
/// public static TheoryData&lt;ConformanceCase&gt; Cases => new(SourceConformance.For(MySource));
/// [Theory, MemberData(nameof(Cases))]
/// public Task Conforms(ConformanceCase c) => c.RunAsync(TestContext.Current.CancellationToken);
/// </code>
/// </example>
public static class SourceConformance
{
    /// <summary>The cases for a source.</summary>
    /// <param name="source">The source and the platform that it reads.</param>
    /// <exception cref="ArgumentException">The platform holds fewer than two completions, so that losing one could not be seen.</exception>
    public static IReadOnlyList<ConformanceCase> For(SourceUnderTest source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Holds.Count < 2)
        {
            throw new ArgumentException("The platform must hold at least two completions.", nameof(source));
        }

        List<ConformanceCase> cases = [.. ReadingCases.For(source), .. CursorCases.For(source), .. OptionsCases.For(source.OptionsType)];
        if (source.Deliveries.Count > 0)
        {
            cases.AddRange(DeliveryCases.For(source));
        }

        if (source.SpeaksHttp)
        {
            cases.AddRange(FaultCases.For(source));
            cases.AddRange(PrivacyCases.For(source));
        }

        return cases;
    }

    /// <summary>
    /// The cases that only read, for a source with the real platform behind it: <c>credsync check NAME --conformance</c> runs them. They ask for the same few
    /// pages several times. A <see cref="SourceException"/> that a case lets out says that the platform cannot be read, not that the source is wrong.
    /// </summary>
    /// <param name="source">The source.</param>
    public static IReadOnlyList<ConformanceCase> ReadOnly(LiveSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Pages, 1);
        return [.. LiveCases.For(source)];
    }

    /// <summary>A healthy reading from the beginning by a new instance.</summary>
    internal static async Task<Readings> ReadAllAsync(SourceUnderTest source, CancellationToken ct)
    {
        Readings readings = new();
        await readings.ReadAsync(source.Create(source.Platform()), ct).ConfigureAwait(false);
        return readings;
    }

    /// <summary>How many requests a healthy reading makes, as far as faults are tried.</summary>
    internal static async Task<int> CountRequestsAsync(SourceUnderTest source, CancellationToken ct)
    {
        FlakyHandler counting = new(source.Platform());
        await new Readings().ReadAsync(source.Create(counting), ct).ConfigureAwait(false);
        return Math.Min(counting.Sent, source.FaultPositions);
    }
}
