namespace CredSync.Sandbox.Edx;

/// <summary>A learner's account.</summary>
public sealed record EdxUser
{
    /// <summary>The numeric id.</summary>
    public required int Id { get; init; }

    /// <summary>The user name, unique.</summary>
    public required string UserName { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The e-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>The id by which the enterprise knows the learner; empty for none.</summary>
    public string SsoUid { get; init; } = "";

    /// <summary>True: the profile is hidden, and the list of certificates is empty.</summary>
    public bool ProfileHidden { get; init; }

    /// <summary>False: the learner does not consent to data sharing; enterprise reports leave out the e-mail address.</summary>
    public bool Consents { get; init; } = true;

    /// <summary>True: the account was retired and answers 404.</summary>
    public bool Retired { get; init; }
}
