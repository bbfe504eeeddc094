using System.Diagnostics;
using System.Globalization;

namespace CredSync.Benchmarks;

/// <summary>One measured figure, as shown.</summary>
internal sealed record Figure(string Id, string What, string Ours, string Yardstick, string Ratio, string Goal);

/// <summary>Measures in turn, ours then the yardstick, and takes medians: the machine may be noisy, but it is noisy for both.</summary>
internal static class Measure
{
    /// <summary>Seconds of each, medians of several rounds after one that is not counted.</summary>
    public static (double Ours, double Yardstick) InTurn(Action ours, Action yardstick, int rounds)
    {
        var first = new List<double>();
        var second = new List<double>();
        for (int round = -1; round < rounds; round++)
        {
            double a = Time(ours), b = Time(yardstick);
            if (round >= 0)
            {
                first.Add(a);
                second.Add(b);
            }
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
