using System.Globalization;

namespace CredSync.Sources.Moodle;

/// <summary>
/// Proves address, token, functions and capabilities. Site info passes even for an account without rights, and missing rights mostly show as missing rows
/// (moodle-behaviour sections 5 and 9), so a few real courses are asked.
/// </summary>
internal sealed class MoodleCheck(MoodleClient client, MoodleCourses courses, MoodleOptions options)
{
    private const int CoursesProbed = 3;
    private const long OldestVersion = 2021051700;

    /// <summary>Runs all checks.</summary>
    /// <param name="ct">Cancels the calls.</param>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken ct)
    {
        List<CheckResult> results = [];
        MoodleSite site;
        IReadOnlyList<CheckResult> clock;
        try
        {
            MoodleAnswer<MoodleSite> answer = await client.GetSiteAsync(ct).ConfigureAwait(false);
            clock = client.Clock;
            site = answer.Value ?? throw MoodleErrors.Fault(client.Who, answer.Refusal!);
        }
        catch (SourceException fault)
        {
            bool reached = fault.Kind == FaultKind.Unauthorized;
            results.Add(reached ? new("address", CheckOutcome.Passed, "A Moodle site answers.") : Failed("address", fault));
            results.Add(reached ? Failed("token", fault) : NotChecked("token"));
            results.AddRange(MoodleFunctions.Needed(options).Select(NotChecked));
            results.Add(NotChecked("courses"));
            return results;
        }

        results.Add(new("address", CheckOutcome.Passed, "A Moodle site answers."));
        results.Add(new("token", CheckOutcome.Passed, "The token is accepted."));
        results.Add(Version(site));
        results.AddRange(MoodleFunctions.Needed(options).Select(function => Function(site, function)));
        if (options.Report is { } report)
        {
            results.Add(await ReportAsync(site, report, ct).ConfigureAwait(false));
        }

        if (site.AdvancedFeatures.FirstOrDefault(feature => feature.Name == "enablecompletion") is { } completion && completion.Value.ToString() == "0")
        {
            results.Add(new("completion", CheckOutcome.Failed, "Completion is switched off for the whole site.", "Switch on 'Enable completion tracking' under Site administration > Advanced features."));
        }

        results.AddRange(clock);

        await CheckCoursesAsync(site, results, ct).ConfigureAwait(false);
        return results;
    }

    private static CheckResult Version(MoodleSite site)
    {
        bool old = long.TryParse((site.Version ?? "").Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long version) && version < OldestVersion;
        string release = site.Release ?? "an unnamed release";
        return old
            ? new("version", CheckOutcome.Warning, $"Moodle {release} is older than 3.11, with which this adapter was not tried.", "Upgrade Moodle, or watch the first sweeps.")
            : new("version", CheckOutcome.Passed, $"Moodle {release}.");
    }

    private static CheckResult Function(MoodleSite site, string function) => site.Offers(function)
        ? new(function, CheckOutcome.Passed, "The token's service has it.")
        : new(function, CheckOutcome.Failed, "The token's service does not have it.", "Add it under Site administration > Server > Web services > External services.");

    private async Task<CheckResult> ReportAsync(MoodleSite site, int report, CancellationToken ct)
    {
        const string Remedy = "Do what the sentence says; without it everyone is asked for one by one, which takes longer.";
        if (!site.Offers(MoodleFunctions.Report))
        {
            return new("report", CheckOutcome.Warning, $"The token's service does not have {MoodleFunctions.Report}.", Remedy);
        }

        try
        {
            (_, UnreadableRecord? unusable) = await MoodleReport.ReadAsync(client, options, report, ct).ConfigureAwait(false);
            return unusable is null ? new("report", CheckOutcome.Passed, "The report can be read.") : new("report", CheckOutcome.Warning, unusable.Sentence, Remedy);
        }
        catch (SourceException fault)
        {
            return Failed("report", fault);
        }
    }

    private async Task CheckCoursesAsync(MoodleSite site, List<CheckResult> results, CancellationToken ct)
    {
        if (MoodleFunctions.Needed(options).Any(function => !site.Offers(function)))
        {
            results.Add(NotChecked("courses"));
            return;
        }

        try
        {
            MoodleSelection selection = await courses.FindAsync(ct).ConfigureAwait(false);
            results.AddRange(selection.Unreadable.Select(record => new CheckResult(record.Reference, CheckOutcome.Failed, record.Sentence, "Do what the sentence says, then check again.")));
            results.Add(selection.Selected.Count > 0
                ? new("courses", CheckOutcome.Passed, string.Create(CultureInfo.InvariantCulture, $"{selection.Selected.Count} courses are read."))
                : new("courses", CheckOutcome.Failed, "No course with completion on matches 'courses'.", "Correct the patterns, switch completion on in a course, or give the account moodle/course:view and moodle/course:viewhiddencourses."));
            MoodleProbes probes = new(client, options);
            foreach (MoodleCourse course in selection.Selected.Take(CoursesProbed))
            {
                await probes.ProbeAsync(course, ct).ConfigureAwait(false);
            }

            results.AddRange(probes.Results());
        }
        catch (SourceException fault)
        {
            results.Add(Failed("courses", fault));
        }
    }

    private static CheckResult Failed(string name, SourceException fault) =>
        new(name, CheckOutcome.Failed, fault.Message, fault.Kind is FaultKind.Outage or FaultKind.RateLimited ? "Check again later." : "Do what the sentence says, then check again.");

    private static CheckResult NotChecked(string name) => new(name, CheckOutcome.NotChecked, "An earlier check failed.");
}
