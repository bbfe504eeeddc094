using CredSync.Host;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;

namespace CredSync;

/// <summary>The play platforms of Northwind, an invented company, in the terms of the shipped configuration.</summary>
internal sealed class NorthwindWorld : IPlayWorld
{
    private readonly SandboxServer server;
    private readonly NorthwindScript script;
    private readonly MoodlePlatform moodle;
    private readonly NorthwindIssuers issuers;

    private NorthwindWorld(SandboxServer server, NorthwindScript script, MoodlePlatform moodle, NorthwindIssuers issuers)
    {
        this.server = server;
        this.script = script;
        this.moodle = moodle;
        this.issuers = issuers;
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Description => [$"A play Moodle of Northwind, an invented company, listens at {moodle.Address}"];

    /// <inheritdoc />
    public IReadOnlyList<string> Beside => issuers.Description;

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> Overrides => new Dictionary<string, string> { ["sources.moodle-hr.address"] = moodle.Address.ToString().TrimEnd('/') };

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["env:MOODLE_HR_TOKEN"] = NorthwindScript.Token };

    /// <inheritdoc />
    public DateTimeOffset Ends => script.Timeline[^1].At.AddDays(1);

    /// <inheritdoc />
    public int Steps => script.Timeline.Count;

    /// <inheritdoc />
    public int CompletionsAtEnd => script.ExpectedAfter(script.Timeline.Count).Count;

    /// <summary>Starts the platforms.</summary>
    public static async Task<IPlayWorld> StartAsync(int seed, int port, CancellationToken ct)
    {
        NorthwindScript script = NorthwindScript.Create(seed);
        var moodle = new MoodlePlatform(script);
        var issuers = new NorthwindIssuers();
        SandboxServer server = await SandboxServer.StartAsync([moodle, .. issuers.Platforms], new SandboxOptions { Port = port }, ct).ConfigureAwait(false);
        return new NorthwindWorld(server, script, moodle, issuers);
    }

    /// <inheritdoc />
    public Task<string?> AdvanceAsync(CancellationToken ct) => Task.FromResult(script.PlayNext() is { } step ? $"{step.Act} in {step.Course}" : null);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
