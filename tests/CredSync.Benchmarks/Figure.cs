using System.Diagnostics;
using System.Globalization;

namespace CredSync.Benchmarks;

/// <summary>One measured figure, as shown.</summary>
internal sealed record Figure(string Id, string What, string Ours, string Yardstick, string Ratio, string Goal);

/// <summary>Measures in turn, ours then the yardstick, and takes medians: the machine may be noisy, but it is noisy for both.</summary>
internal static class Measure
{
    // Until then the runtime may still be compiling what it saw to be used often.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Seconds of each, medians of several rounds after those of the first seconds, which are not counted; at least one.</summary>
    public static (double Ours, double Yardstick) InTurn(Action ours, Action yardstick, int rounds)
    {
        var first = new List<double>();
        var second = new List<double>();
        long start = Stopwatch.GetTimestamp();
        do
        {
            Time(ours);
            Time(yardstick);
        }
        while (Stopwatch.GetElapsedTime(start) < WarmUp);
        for (int round = 0; round < rounds; round++)
        {
            first.Add(Time(ours));
            second.Add(Time(yardstick));
        }

        return (Median(first), Median(second));
    }

    /// <summary>Seconds that something takes.</summary>
    public static double Time(Action action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The middle value.</summary>
    public static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>A number in words.</summary>
    public static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
