using CredSync.Sandbox.Coursera;
using CredSync.Sandbox.Edx;
using CredSync.Sandbox.Moodle;

namespace CredSync.Sandbox.Northwind;

/// <summary>
/// The whole of Northwind: the same people at a Moodle, at Coursera and at an Open edX, and one story that goes through all three in the order of
/// time. The same seed tells the same story.
/// </summary>
public sealed class NorthwindCompany
{
    private readonly IPlayScript[] _scripts;
    private readonly Lock _gate = new();

    private NorthwindCompany(int seed)
    {
        MoodleScript = NorthwindScript.Create(seed);
        CourseraScript = NorthwindCourseraScript.Create(seed);
        EdxScript = NorthwindEdxScript.Create(seed);
        _scripts = [MoodleScript, CourseraScript, EdxScript];
        Moodle = new MoodlePlatform(MoodleScript);
        Coursera = new CourseraPlatform(CourseraScript);
        Edx = new EdxPlatform(EdxScript);
    }

    /// <summary>What happens at the Moodle.</summary>
    public NorthwindScript MoodleScript { get; }

    /// <summary>What happens at Coursera.</summary>
    public NorthwindCourseraScript CourseraScript { get; }

    /// <summary>What happens at the Open edX.</summary>
    public NorthwindEdxScript EdxScript { get; }

    /// <summary>The Moodle.</summary>
    public MoodlePlatform Moodle { get; }

    /// <summary>Coursera for Business.</summary>
    public CourseraPlatform Coursera { get; }

    /// <summary>The Open edX.</summary>
    public EdxPlatform Edx { get; }

    /// <summary>All platforms, for <see cref="SandboxServer.StartAsync"/>.</summary>
    public IReadOnlyList<PlayPlatform> Platforms => [Moodle, Coursera, Edx];

    /// <summary>How many steps the story has.</summary>
    public int Steps => _scripts.Sum(script => script.Count);

    /// <summary>How many steps were played.</summary>
    public int Position => _scripts.Sum(script => script.Position);

    /// <summary>Writes the story; nothing is played yet.</summary>
    /// <param name="seed">Chooses among stories. Default 1.</param>
    public static NorthwindCompany Create(int seed = 1) => new(seed);

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
