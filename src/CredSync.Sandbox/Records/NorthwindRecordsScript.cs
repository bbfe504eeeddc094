using System.Globalization;
using System.Text;
using CredSync.Sandbox.Northwind;

namespace CredSync.Sandbox.Records;

/// <summary>
/// What Northwind's personnel office writes down of training in classrooms from 2025 to 2026, step by step: a CSV file a month in a folder, delivered again with
/// every new row, with semicolons, headers in its own words, and dates without a time.
/// </summary>
public sealed class NorthwindRecordsScript : PlayScript<NorthwindStep>
{
    /// <summary>The code of "Fire Warden Day".</summary>
    public const string FireWarden = "FIRE-WARDEN";

    /// <summary>The code of "Onboarding Week".</summary>
    public const string Onboarding = "ONBOARDING";

    private static readonly NorthwindOffer[] s_offers =
    [
        new(FireWarden, "Fire Warden Day", 0.5, 0.85, Scored: false, Repeats: 0),
        new(Onboarding, "Onboarding Week", 0.7, 0.95, Scored: false, Repeats: 0.1),
    ];

    private static readonly Dictionary<string, NorthwindLearner> s_learners = NorthwindLearner.All.ToDictionary(x => x.Number);
    private readonly Dictionary<string, StringBuilder> _files = [];

    private NorthwindRecordsScript(int seed, string folder)
    {
        Folder = folder;
        Timeline = [.. NorthwindSteps.Write(unchecked((seed * 31) + 7), s_offers).Where(step => step.Kind is NorthwindStepKind.Finish or NorthwindStepKind.Repeat)
            .Select((step, i) => step with { Number = i + 1 })];
    }

    /// <summary>Where the files are written.</summary>
    public string Folder { get; }

    /// <summary>Writes the script; nothing is played yet.</summary>
    /// <param name="folder">Where the files are written; must be there.</param>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    public static NorthwindRecordsScript Create(string folder, int seed = 1) => new(seed, folder);

    /// <summary>The completions that a reader must know after a number of steps; the records know the day only.</summary>
    /// <param name="steps">How many steps, from 0 to all.</param>
    public IReadOnlyList<ExpectedFinish> ExpectedAfter(int steps) =>
        [.. NorthwindSteps.ExpectedAfter(Timeline, steps).Select(x => x with { CompletedAt = new DateTimeOffset(x.CompletedAt.Date, TimeSpan.Zero) })];

    private protected override DateTimeOffset TimeOf(NorthwindStep step) => step.At;

    private protected override void Play(NorthwindStep step)
    {
        NorthwindLearner learner = s_learners[step.Learner];
        DateTimeOffset day = step.Kind == NorthwindStepKind.Finish ? step.At : Timeline.First(x => x.Kind == NorthwindStepKind.Finish && x.Learner == step.Learner && x.Course == step.Course).At;
        string name = step.At.ToString("yyyy-MM", CultureInfo.InvariantCulture) + ".csv";
        if (!_files.TryGetValue(name, out StringBuilder? text))
        {
            _files[name] = text = new StringBuilder("Personnel No;Name;E-Mail;Course code;Course;Date\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{learner.Number};{learner.FullName};{learner.Email};{step.Course};{s_offers.First(x => x.Course == step.Course).Title};{day:dd.MM.yyyy}\r\n");

        // Under another name until it is whole, as a careful exporter does.
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path + ".part", text.ToString());
        File.Move(path + ".part", path, overwrite: true);
    }
}
