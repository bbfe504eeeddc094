using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Coursera;

/// <summary>
/// A play Coursera for Business: the token endpoint, and an organisation's reports, members and programs under
/// <c>ent/api/businesses.v1/{orgId}</c>. What is played follows the published specification and what integrators saw, not recordings.
/// </summary>
public sealed class CourseraPlatform : PlayPlatform
{
    private const string Base = "/ent/api/businesses.v1/";
    private const string OldBase = "/api/businesses.v1/";

    private readonly CourseraTokens _tokens;
    private readonly IPlayScript? _script;
    private PlayRequest? _lastReport;

    /// <summary>Plays a world.</summary>
    /// <param name="world">The organisation; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>coursera</c>.</param>
    public CourseraPlatform(CourseraWorld world, string prefix = "coursera")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        _tokens = new CourseraTokens(world);
    }

    /// <summary>Plays a script in its world; the admin endpoints can advance it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="prefix">The path prefix. Default <c>coursera</c>.</param>
    public CourseraPlatform(NorthwindCourseraScript script, string prefix = "coursera")
        : this((script ?? throw new ArgumentNullException(nameof(script))).World, prefix) => _script = script;

    /// <summary>The organisation.</summary>
    public CourseraWorld World { get; }

    internal override IPlayScript? Script => _script;

    /// <summary><c>token</c>, <c>organisation</c>, or the last part of the path, for example <c>enrollmentReports</c>.</summary>
    internal override string OperationOf(PlayRequest request) =>
        request.Path.StartsWith(Base, StringComparison.Ordinal) && !request.Path[Base.Length..].Contains('/', StringComparison.Ordinal)
            ? "organisation"
            : request.Path[(request.Path.LastIndexOf('/') + 1)..];

    internal override bool Complete(string learner, string course, DateTimeOffset at) => World.TryComplete(learner, course, at);

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            if (request.Path == CourseraTokens.Path)
            {
                return _tokens.Mint(request, Time.GetUtcNow());
            }

            // The old host knows none of the new tokens' rights; here it is the old path.
            if (request.Path.StartsWith(OldBase, StringComparison.Ordinal))
            {
                return CourseraErrors.WrongHost(request.Path);
            }

            if (!request.Path.StartsWith(Base, StringComparison.Ordinal))
            {
                return CourseraErrors.NoRoute();
            }

            return _tokens.Refuse(request, Time.GetUtcNow(), fault) ?? Inside(request, fault);
        }
    }

    private PlayAnswer Inside(PlayRequest request, PlayFault? fault)
    {
        string[] parts = request.Path[Base.Length..].Split('/');
        if (Refuse(parts[0]) is { } refusal)
        {
            return refusal;
        }

        if (request.Method != "GET")
        {
            return CourseraErrors.NoRoute();
        }

        switch (parts)
        {
            case [_] or [_, ""]:
                return OrganisationLists.Organisation(World);
            case [_, "enrollmentReports"]:
                if (fault?.Kind == PlayFaultKind.DuplicatePage && _lastReport is { } last)
                {
                    return EnrollmentReports.Answer(World, last, hideCompletions: false);
                }

                _lastReport = request;
                return EnrollmentReports.Answer(World, request, fault?.Kind == PlayFaultKind.VanishedCompletion);
            case [_, "courseGradebookReports"]:
                return GradebookReports.Answer(World, request);
            case [_, "users"]:
                return OrganisationLists.Users(World, request);
            case [_, "programs"]:
                return OrganisationLists.Programs(World, request);
            default:
                return CourseraErrors.NotFound();
        }
    }

    private PlayAnswer? Refuse(string organisation) =>
        organisation == World.OrganisationId ? World.AppEnabled ? null : CourseraErrors.NotAuthorized()
        : organisation == World.Slug ? CourseraErrors.BadRequest("Invalid organization id.")
        : organisation.Length == 22 ? CourseraErrors.NotAuthorized()
        : CourseraErrors.NotFound();
}
