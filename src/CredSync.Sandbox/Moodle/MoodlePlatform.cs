using CredSync.Sandbox.Faults;
using CredSync.Sandbox.Moodle.Dialect;

namespace CredSync.Sandbox.Moodle;

/// <summary>A play Moodle, which answers web-service calls the way a real Moodle 4.5 does.</summary>
/// <remarks>
/// It listens at <c>webservice/rest/server.php</c> below <see cref="PlayPlatform.Address"/>. What it answers was compared with recordings of a
/// real site, call by call; see the tests of the sandbox.
/// </remarks>
public sealed class MoodlePlatform : PlayPlatform
{
    private readonly MoodleEndpoint _endpoint;
    private readonly IPlayScript? _script;

    /// <summary>Plays a world.</summary>
    /// <param name="world">What the site holds; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>moodle</c>.</param>
    public MoodlePlatform(MoodleWorld world, string prefix = "moodle")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        _endpoint = new MoodleEndpoint(world, this);
    }

    /// <summary>Plays a script in its world; the admin endpoints can advance it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="prefix">The path prefix. Default <c>moodle</c>.</param>
    public MoodlePlatform(NorthwindScript script, string prefix = "moodle")
        : this((script ?? throw new ArgumentNullException(nameof(script))).World, prefix) => _script = script;

    /// <summary>What the site holds.</summary>
    public MoodleWorld World { get; }

    internal override IPlayScript? Script => _script;

    /// <summary>
    /// Sends what the plugin <c>local_webhooks</c> has to tell since the last time, each once: no retry, and the answer is ignored. A message that cannot be sent is lost, as with
    /// the real plugin.
    /// </summary>
    /// <param name="target">Where to.</param>
    /// <param name="client">Sends them.</param>
    /// <param name="ct">Cancels the sending.</param>
    /// <returns>How many were sent.</returns>
    public async Task<int> SendHooksAsync(Uri target, HttpClient client, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(client);
        int sent = 0;
        foreach (ReadOnlyMemory<byte> body in World.TakeHooks())
        {
            using ReadOnlyMemoryContent content = new(body);
            content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/json");
            try
            {
                using HttpResponseMessage ignored = await client.PostAsync(target, content, ct);
                sent++;
            }
            catch (HttpRequestException)
            {
                // Lost.
            }
        }

        return sent;
    }

    internal override string OperationOf(PlayRequest request) => request["wsfunction"] ?? "";

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault) => _endpoint.Answer(request, fault);

    internal override bool Complete(string learner, string course, DateTimeOffset at) => World.TryComplete(learner, course, at);
}
