using System.Globalization;
using System.Text.Json;
using CredSync.Sources.Http;

namespace CredSync.Sources.Moodle;

/// <summary>Asks real courses and reads from the shape of the answers which capabilities the account lacks (moodle-behaviour section 5).</summary>
internal sealed class MoodleProbes(MoodleClient client, MoodleOptions options)
{
    private const int RowsLookedAt = 50;

    private readonly Dictionary<string, Finding> findings = [];

    /// <summary>Asks one course.</summary>
    /// <param name="course">The course.</param>
    /// <param name="ct">Cancels the calls.</param>
    public async Task ProbeAsync(MoodleCourse course, CancellationToken ct)
    {
        IReadOnlyList<JsonElement>? all = await LearnersAsync(course, onlyActive: false, onlyTracked: false, "moodle/course:view", ct).ConfigureAwait(false);
        if (all is null)
        {
            return;
        }

        IReadOnlyList<JsonElement>? active = await LearnersAsync(course, onlyActive: true, onlyTracked: false, "moodle/course:enrolreview", ct).ConfigureAwait(false);
        IReadOnlyList<JsonElement>? tracked = await LearnersAsync(course, onlyActive: false, onlyTracked: true, "moodle/role:review", ct).ConfigureAwait(false);
        if (active is null || tracked is null)
        {
            return;
        }

        List<MoodleLearner> learners = [.. tracked.Select(Learner).OfType<MoodleLearner>()];
        Note("moodle/user:viewdetails", course, learners.Count > 0, CheckOutcome.Warning, course.Row.GroupMode == 1
            ? "No learner is visible; give the account moodle/user:viewdetails, and moodle/site:accessallgroups because the course separates groups, unless nobody is enrolled."
            : "No learner is visible; give the account moodle/user:viewdetails, unless nobody is enrolled.");
        if (learners.Count == 0)
        {
            return;
        }

        Note("moodle/user:viewalldetails", course, learners.Any(learner => learner.UserName is not null), CheckOutcome.Failed,
            "No learner shows a username or idnumber; give the account moodle/user:viewalldetails, or people can be matched by Moodle's own ids only.");
        Note("moodle/site:viewuseridentity", course, learners.Any(learner => learner.Email is not null), CheckOutcome.Warning,
            "No learner shows an e-mail address; give the account moodle/site:viewuseridentity and moodle/course:useremail if people are to be matched by e-mail.");
        MoodleAnswer<MoodleStatus> status = await client.GetStatusAsync(course.Id, learners[0].Id, ct).ConfigureAwait(false);
        NoteRefusal("report/completion:view", course, status.Refusal);
        if (options.Grades)
        {
            MoodleAnswer<MoodleGrades> grades = await client.GetGradesAsync(course.Id, learners[0].Id, ct).ConfigureAwait(false);
            NoteRefusal(grades.Refusal?.Code == "nopermissiontoviewgrades" ? "moodle/grade:viewall" : "gradereport/user:view", course, grades.Refusal);
        }
    }

    /// <summary>One result for each capability that the courses told something about.</summary>
    public IEnumerable<CheckResult> Results() => findings.Select(finding => finding.Value.Courses.Count == 0
        ? new CheckResult(finding.Key, CheckOutcome.Passed, "Held in the courses that were asked.")
        : new CheckResult(
            finding.Key,
            finding.Value.Outcome,
            $"Seems to be missing in {string.Join(", ", finding.Value.Courses.Select(id => string.Create(CultureInfo.InvariantCulture, $"course {id}")))}.",
            finding.Value.Remedy));

    private async Task<IReadOnlyList<JsonElement>?> LearnersAsync(MoodleCourse course, bool onlyActive, bool onlyTracked, string capability, CancellationToken ct)
    {
        MoodleAnswer<IReadOnlyList<JsonElement>> answer =
            await client.GetLearnersAsync(course.Id, 0, RowsLookedAt, onlyActive, onlyTracked, ct).ConfigureAwait(false);
        NoteRefusal(capability, course, answer.Refusal);
        return answer.Value;
    }

    private void NoteRefusal(string capability, MoodleCourse course, MoodleRefusal? refusal)
    {
        // What is refused to a single learner, or because there are no criteria, has passed the question of rights.
        bool rights = refusal is not null && MoodleErrors.ScopeOf(refusal) != MoodleScope.Learner && refusal.Code != "nocriteriaset";
        string remedy = rights && refusal!.Function == MoodleFunctions.Learners && refusal.Code == "nopermissions"
            ? $"Give the account {capability} in that course."
            : rights ? MoodleErrors.OfCourse(refusal!, course.Id).Sentence : "";
        Note(capability, course, !rights, CheckOutcome.Failed, remedy);
    }

    private void Note(string capability, MoodleCourse course, bool held, CheckOutcome outcome, string remedy)
    {
        if (!findings.TryGetValue(capability, out Finding? finding))
        {
            findings[capability] = finding = new Finding();
        }

        if (!held)
        {
            finding.Outcome = outcome;
            finding.Remedy = remedy;
            finding.Courses.Add(course.Id);
        }
    }

    private static MoodleLearner? Learner(JsonElement row)
    {
        try
        {
            return row.Deserialize<MoodleLearner>(Tolerant.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Finding
    {
        public CheckOutcome Outcome { get; set; } = CheckOutcome.Passed;

        public string? Remedy { get; set; }

        public List<long> Courses { get; } = [];
    }
}
