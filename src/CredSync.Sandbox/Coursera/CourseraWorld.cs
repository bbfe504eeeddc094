namespace CredSync.Sandbox.Coursera;

/// <summary>When what happened reaches the report tables.</summary>
public enum CourseraRefresh
{
    /// <summary>At once.</summary>
    AfterEveryAct,

    /// <summary>Only with <see cref="CourseraWorld.RefreshReports"/>, as the real ones, which lag by up to a day.</summary>
    ByHand,
}

/// <summary>How numbers are written where the specification and live answers disagree.</summary>
public enum CourseraWireType
{
    /// <summary>As a JSON string, for example <c>"0.91"</c>.</summary>
    Text,

    /// <summary>As a JSON number.</summary>
    Number,
}

/// <summary>An organisation at Coursera for Business: its programs, members and what they learned, and the tables that reports are read from.</summary>
public sealed partial class CourseraWorld
{
    private readonly Dictionary<string, CourseraContent> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CourseraProgram> _programs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CourseraMember> _members = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string ExternalId, string ContentId, string ProgramId), CourseraEnrolment> _enrolments = [];
    private readonly HashSet<string> _endedContracts = new(StringComparer.Ordinal);

    /// <summary>The organisation's id: opaque, 22 characters.</summary>
    public string OrganisationId { get; init; } = "Qm3vTz0kEe6h1QqV7dX2Lw";

    /// <summary>The organisation's public name in addresses, which is not its id.</summary>
    public string Slug { get; init; } = "northwind";

    /// <summary>The organisation's name.</summary>
    public string Name { get; init; } = "Northwind";

    /// <summary>The key of the app that may mint tokens.</summary>
    public string AppKey { get; init; } = "northwind-play-app";

    /// <summary>The secret of the app that may mint tokens.</summary>
    public string AppSecret { get; init; } = "northwind-play-secret";

    /// <summary>False: tokens are minted all the same, and every call answers 403.</summary>
    public bool AppEnabled { get; set; } = true;

    /// <summary>When acts reach the reports. Default: at once.</summary>
    public CourseraRefresh Refresh { get; set; } = CourseraRefresh.AfterEveryAct;

    /// <summary>How <c>grade</c> is written. Default: as a string, as the schema says; its own example has a number.</summary>
    public CourseraWireType GradeOnWire { get; set; } = CourseraWireType.Text;

    /// <summary>How <c>paging.next</c> is written. Default: as a string; live answers also show a number.</summary>
    public CourseraWireType PagingOnWire { get; set; } = CourseraWireType.Text;

    /// <summary>The contents, in the order in which they were added.</summary>
    public IReadOnlyList<CourseraContent> Contents
    {
        get
        {
            lock (Gate)
            {
                return [.. _contents.Values];
            }
        }
    }

    /// <summary>The members, deleted ones too, in the order in which they were added.</summary>
    public IReadOnlyList<CourseraMember> Members
    {
        get
        {
            lock (Gate)
            {
                return [.. _members.Values];
            }
        }
    }

    /// <summary>The programs, in the order in which they were added.</summary>
    public IReadOnlyList<CourseraProgram> Programs
    {
        get
        {
            lock (Gate)
            {
                return [.. _programs.Values];
            }
        }
    }

    internal Lock Gate { get; } = new();

    internal IEnumerable<CourseraEnrolment> Enrolments => _enrolments.Values;

    /// <summary>Adds a content.</summary>
    /// <param name="content">The content; its id must be new.</param>
    public void Add(CourseraContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        lock (Gate)
        {
            _contents.Add(content.Id, content);
        }
    }

    /// <summary>Adds a program.</summary>
    /// <param name="program">The program; its id must be new.</param>
    public void Add(CourseraProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        lock (Gate)
        {
            _programs.Add(program.Id, program);
        }
    }

    /// <summary>Adds a member.</summary>
    /// <param name="member">The member; the external id must be new.</param>
    public void Add(CourseraMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        lock (Gate)
        {
            _members.Add(member.ExternalId, member);
        }
    }

    internal bool HasEnded(CourseraProgram program) => _endedContracts.Contains(program.ContractId);
}
