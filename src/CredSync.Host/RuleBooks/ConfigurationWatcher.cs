using CredSync.Core.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.RuleBooks;

/// <summary>
/// Looks every few seconds whether the files changed. A good change replaces the rule book and people policy at once (a changed source or issuer needs a restart, which it says);
/// a broken one is reported with file and line, and the last good one stays in force.
/// </summary>
internal sealed class ConfigurationWatcher(ConfigurationFolder folder, ActiveConfiguration active, TimeProvider time, ILogger<ConfigurationWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Reads the files now if their texts changed, and puts them in force if they are good.</summary>
    /// <param name="before">The texts at the last look.</param>
    /// <returns>The texts now.</returns>
    public IReadOnlyList<ConfigurationFile> Look(IReadOnlyList<ConfigurationFile> before)
    {
        IReadOnlyList<ConfigurationFile> files = folder.ReadFiles();
        if (files.SequenceEqual(before))
        {
            return files;
        }

        ConfigurationResult result = folder.Read();
        if (result.Configuration is null)
        {
            active.Refuse(result.Findings);
            foreach (Finding finding in result.Findings.Where(f => f.Severity == Severity.Error).Take(10))
            {
                Log.ChangeRefused(logger, finding.File, finding.Line, finding.Column, finding.Code, finding.Sentence);
            }

            return files;
        }

        Configuration old = active.Current;
        active.Accept(result.Configuration);
        foreach (string change in active.WantRestart)
        {
            Log.RestartWanted(logger, change);
        }

        if (old.RuleBook.Revision != result.Configuration.RuleBook.Revision)
        {
            Log.RuleBookInForce(logger, result.Configuration.RuleBook.Revision, result.Configuration.RuleBook.Definitions.Count);
        }

        return files;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<ConfigurationFile> files = folder.ReadFiles();
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                files = Look(files);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Half-way through somebody's save, or the folder is away for a moment: the next look will see it.
                Log.FilesUnreadable(logger, e.Message);
            }
        }
    }
}
