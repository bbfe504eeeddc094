using System.Net.Http.Headers;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Edx;

/// <summary>
/// A play Open edX: OAuth2 with JWT, the certificates, grades, enrolment and accounts APIs, the enterprise reports, and the hooks of the
/// <c>openedx-webhooks</c> plugin. What is played follows the projects' documentation and source, not recordings.
/// </summary>
public sealed class EdxPlatform : PlayPlatform
{
    private readonly EdxTokens _tokens;
    private readonly IPlayScript? _script;
    private readonly Dictionary<string, PlayRequest> _last = new(StringComparer.Ordinal);

    /// <summary>Plays a world.</summary>
    /// <param name="world">The site; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>edx</c>.</param>
    public EdxPlatform(EdxWorld world, string prefix = "edx")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        _tokens = new EdxTokens(world);
    }

    /// <summary>Plays a script in its world; the admin endpoints can advance it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="prefix">The path prefix. Default <c>edx</c>.</param>
    public EdxPlatform(NorthwindEdxScript script, string prefix = "edx")
        : this((script ?? throw new ArgumentNullException(nameof(script))).World, prefix) => _script = script;

    /// <summary>The site.</summary>
    public EdxWorld World { get; }

    internal override IPlayScript? Script => _script;

    /// <summary>
    /// Sends the hooks of what happened since the last time, one after the other, each once: no signature, no retry, and what the receiver
    /// answers is ignored. A hook that cannot be sent is lost, as with the real plugin.
    /// </summary>
    /// <param name="target">Where to.</param>
    /// <param name="client">Sends them.</param>
    /// <param name="ct">Cancels the sending; hooks that were not sent are lost.</param>
    /// <returns>How many were sent.</returns>
    public async Task<int> SendHooksAsync(Uri target, HttpClient client, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(client);
        int sent = 0;
        foreach (EdxHook hook in World.TakeHooks())
        {
            using HttpRequestMessage request = new(HttpMethod.Post, target);
            request.Headers.Accept.ParseAdd("text/plain");
            request.Content = new ReadOnlyMemoryContent(hook.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            try
            {
                using HttpResponseMessage ignored = await client.SendAsync(request, ct);
                sent++;
            }
            catch (HttpRequestException)
            {
                // Lost.
            }
        }

        return sent;
    }

    /// <summary><c>token</c>, <c>certificates</c>, <c>grades</c>, <c>enrollments</c>, <c>accounts</c>, <c>learner-summary</c>; empty for anything else.</summary>
    internal override string OperationOf(PlayRequest request) => request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["oauth2", ..] => "token",
        ["api", "certificates", ..] => "certificates",
        ["api", "grades", ..] => "grades",
        ["api", "enrollment", ..] => "enrollments",
        ["api", "user", ..] => "accounts",
        ["enterprise", .., { } last] => last,
        _ => "",
    };

    internal override bool Complete(string learner, string course, DateTimeOffset at) => World.TryComplete(learner, course, at);

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            DateTimeOffset now = Time.GetUtcNow();
            if (request.Path is "/oauth2/access_token" or "/oauth2/v1/access_token")
            {
                return _tokens.Mint(request, now);
            }

            if (_tokens.Refuse(request, now, fault) is { } refusal)
            {
                return refusal;
            }

            string operation = OperationOf(request);
            PlayRequest asked = fault?.Kind == PlayFaultKind.DuplicatePage && _last.TryGetValue(operation, out PlayRequest? last) ? last : request;
            _last[operation] = asked;
            return Route(asked, fault?.Kind == PlayFaultKind.VanishedCompletion);
        }
    }

    private PlayAnswer Route(PlayRequest request, bool hideCompletions) => (request.Method, request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)) switch
    {
        ("GET", ["api", "certificates", "v0", "certificates", var user, "courses", var run]) => CertificatesApi.One(World, user, run, hideCompletions),
        ("GET", ["api", "certificates", "v0", "certificates", var user]) => CertificatesApi.List(World, user, hideCompletions),
        ("GET", ["api", "grades", "v1", "courses", var run]) => GradesApi.Course(World, request, run, Address, hideCompletions),
        ("GET", ["api", "enrollment", "v1", "enrollments"]) => LearnersApi.Enrolments(World, request, Address),
        ("GET", ["api", "user", "v1", "accounts"]) => LearnersApi.Accounts(World, request),
        ("POST", ["api", "user", "v1", "accounts", "search_emails"]) => LearnersApi.SearchEmails(World, request),
        ("GET", ["enterprise", "v3", "enterprise-customer", var id, "learner-summary"]) when id == World.EnterpriseId =>
            EnterpriseReports.Answer(World, request, Address, isDataApi: false, Time.GetUtcNow(), hideCompletions),
        ("GET", ["enterprise", "api", "v1", "enterprise", var id, "enrollments"]) when id == World.EnterpriseId =>
            EnterpriseReports.Answer(World, request, Address, isDataApi: true, Time.GetUtcNow(), hideCompletions),
        (_, ["enterprise", ..]) => EdxErrors.Detail(403, "You do not have permission to perform this action."),
        _ => EdxErrors.Detail(404, "Not found."),
    };
}
