namespace CredSync.Sandbox.Moodle;

/// <summary>An account of the play Moodle: learner, teacher or service account.</summary>
public sealed record MoodleUser
{
    /// <summary>The account's id, unique; 1 is the guest and 2 the administrator.</summary>
    public required int Id { get; init; }

    /// <summary>The login name, lower case, unique.</summary>
    public required string UserName { get; init; }

    /// <summary>The given name.</summary>
    public required string FirstName { get; init; }

    /// <summary>The family name.</summary>
    public required string LastName { get; init; }

    /// <summary>The e-mail address, in the letter case in which it is stored and searched.</summary>
    public required string Email { get; init; }

    /// <summary>The organisation's own number of the person; empty when there is none.</summary>
    public string IdNumber { get; init; } = "";

    /// <summary>The department; empty when there is none.</summary>
    public string Department { get; init; } = "";

    /// <summary>The institution; empty when there is none.</summary>
    public string Institution { get; init; } = "";

    /// <summary>The city; empty when there is none.</summary>
    public string City { get; init; } = "";

    /// <summary>The two-letter country code; empty when there is none.</summary>
    public string Country { get; init; } = "";

    /// <summary>Who may see the e-mail address without a capability for it: 0 nobody, 1 everybody, 2 members of the same course.</summary>
    public int MailDisplay { get; init; } = 2;

    /// <summary>The account may not log in; web services still answer about it.</summary>
    public bool Suspended { get; init; }

    /// <summary>The account was deleted; it is still returned by id, with a mangled name.</summary>
    public bool Deleted { get; init; }

    /// <summary>The capabilities that the account holds on the whole site; empty for learners.</summary>
    public IReadOnlySet<string> Capabilities { get; init; } = System.Collections.Frozen.FrozenSet<string>.Empty;

    /// <summary>Given name, space, family name.</summary>
    public string FullName => FirstName + " " + LastName;
}
