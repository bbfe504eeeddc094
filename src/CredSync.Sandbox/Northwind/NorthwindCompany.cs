using CredSync.Sandbox.Api;
using CredSync.Sandbox.Coursera;
using CredSync.Sandbox.Edx;
using CredSync.Sandbox.Lrs;
using CredSync.Sandbox.Moodle;
using CredSync.Sandbox.Records;

namespace CredSync.Sandbox.Northwind;

/// <summary>
/// The whole of Northwind: the same people at a Moodle, at Coursera, at an Open edX, in a learning record store, at a vendor with a JSON API and, where a folder is given,
/// in the files of the personnel office; and one story that goes through all of them in the order of time. The same seed tells the same story.
/// </summary>
public sealed class NorthwindCompany
{
    private readonly IPlayScript[] _scripts;
    private readonly Lock _gate = new();

    private NorthwindCompany(int seed, string? recordsFolder)
    {
        MoodleScript = NorthwindScript.Create(seed);
        CourseraScript = NorthwindCourseraScript.Create(seed);
        EdxScript = NorthwindEdxScript.Create(seed);
        LrsScript = NorthwindLrsScript.Create(seed);
        ApiScript = NorthwindApiScript.Create(seed);
        RecordsScript = recordsFolder is null ? null : NorthwindRecordsScript.Create(recordsFolder, seed);
        _scripts = [MoodleScript, CourseraScript, EdxScript, LrsScript, ApiScript, .. RecordsScript is null ? [] : new IPlayScript[] { RecordsScript }];
        Ends = new[]
        {
            MoodleScript.Timeline[^1].At, CourseraScript.Timeline[^1].At, EdxScript.Timeline[^1].At, LrsScript.Timeline[^1].At, ApiScript.Timeline[^1].At,
            RecordsScript?.Timeline[^1].At ?? DateTimeOffset.MinValue,
        }.Max();
        Moodle = new MoodlePlatform(MoodleScript);
        Coursera = new CourseraPlatform(CourseraScript);
        Edx = new EdxPlatform(EdxScript);
        Lrs = new LrsPlatform(LrsScript);
        Api = new ApiPlatform(ApiScript);
    }

    /// <summary>What happens at the Moodle.</summary>
    public NorthwindScript MoodleScript { get; }

    /// <summary>What happens at Coursera.</summary>
    public NorthwindCourseraScript CourseraScript { get; }

    /// <summary>What happens at the Open edX.</summary>
    public NorthwindEdxScript EdxScript { get; }

    /// <summary>What the learning record store is told.</summary>
    public NorthwindLrsScript LrsScript { get; }

    /// <summary>What happens at the vendor with the JSON API.</summary>
    public NorthwindApiScript ApiScript { get; }

    /// <summary>What the personnel office writes down; null without a folder for it.</summary>
    public NorthwindRecordsScript? RecordsScript { get; }

    /// <summary>The Moodle.</summary>
    public MoodlePlatform Moodle { get; }

    /// <summary>Coursera for Business.</summary>
    public CourseraPlatform Coursera { get; }

    /// <summary>The Open edX.</summary>
    public EdxPlatform Edx { get; }

    /// <summary>The learning record store.</summary>
    public LrsPlatform Lrs { get; }

    /// <summary>The vendor with the JSON API.</summary>
    public ApiPlatform Api { get; }

    /// <summary>All platforms, for <see cref="SandboxServer.StartAsync"/>; the first is the Moodle.</summary>
    public IReadOnlyList<PlayPlatform> Platforms => [Moodle, Coursera, Edx, Lrs, Api];

    /// <summary>When the last step happens.</summary>
    public DateTimeOffset Ends { get; }

    /// <summary>How many steps the story has.</summary>
    public int Steps => _scripts.Sum(script => script.Count);

    /// <summary>How many steps were played.</summary>
    public int Position => _scripts.Sum(script => script.Position);

    /// <summary>How many completions a patient reader finds once the story is over, with those that were taken back.</summary>
    public int CompletionsAtEnd =>
        MoodleScript.ExpectedAfter(int.MaxValue).Count + CourseraScript.ExpectedAfter(int.MaxValue).Count + EdxScript.ExpectedAfter(int.MaxValue).Count
        + LrsScript.ExpectedAfter(int.MaxValue).Count + ApiScript.ExpectedAfter(int.MaxValue).Count + (RecordsScript?.ExpectedAfter(int.MaxValue).Count ?? 0);

    /// <summary>Writes the story; nothing is played yet.</summary>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    /// <param name="recordsFolder">Where the personnel office writes its files; null for no such office.</param>
    public static NorthwindCompany Create(int seed = 1, string? recordsFolder = null) => new(seed, recordsFolder);

    /// <summary>Plays the next step, wherever it happens.</summary>
    /// <returns>The step in one line, without names; null when the story is over.</returns>
    public string? PlayNext()
    {
        lock (_gate)
        {
            return _scripts.Where(script => script.NextAt is not null).MinBy(script => script.NextAt)?.Advance();
        }
    }

    /// <summary>Plays all steps that are left.</summary>
    /// <returns>How many were played now.</returns>
    public int PlayAll()
    {
        int played = 0;
        while (PlayNext() is not null)
        {
            played++;
        }

        return played;
    }
}
