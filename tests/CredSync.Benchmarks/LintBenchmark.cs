using CredSync.Core.Configuration;

namespace CredSync.Benchmarks;

/// <summary>P9: lint of 10 000 credential files; the yardstick is reading every character of them once.</summary>
internal static class LintBenchmark
{
    private const int Credentials = 10_000;

    public static Figure Run()
    {
        IReadOnlyList<ConfigurationFile> files = PlayConfiguration.Files(Credentials);
        long sum = 0;
        (double ours, double yardstick) = Measure.InTurn(
            () => PlayConfiguration.Read(files),
            () =>
            {
                foreach (ConfigurationFile file in files)
                {
                    foreach (char c in file.Text)
                    {
                        sum += c;
                    }
                }
            },
            rounds: 5);
        return new Figure("P9", $"lint of {Credentials:N0} credential files", Measure.Words($"{ours:0.00} s"), Measure.Words($"{yardstick * 1000:0} ms ({sum % 10})"), Measure.Words($"{yardstick / ours:0.000}"), "< 2 s");
    }
}
