namespace CredSync.Completions;

/// <summary>One way in which a platform names a person.</summary>
/// <param name="Kind">One of <see cref="IdentifierKinds"/>.</param>
/// <param name="Value">The value as the platform spells it; not empty. Matching trims and, where the kind allows it, lower-cases.</param>
/// <param name="Verified">Whether the platform vouches for it (a confirmed e-mail address). Default false.</param>
public readonly record struct PersonIdentifier(string Kind, string Value, bool Verified = false);

/// <summary>The kinds of identifiers.</summary>
public static class IdentifierKinds
{
    /// <summary>The organisation's own id of the person (personnel number); the same on every platform.</summary>
    public const string ExternalId = "external_id";

    /// <summary>The id of the single sign-on provider; the same on every platform behind it.</summary>
    public const string SsoUid = "sso_uid";

    /// <summary>The platform's own numeric or opaque id; means something only within one source.</summary>
    public const string LmsUserId = "lms_user_id";

    /// <summary>The platform's login name; means something only within one source.</summary>
    public const string Username = "username";

    /// <summary>An e-mail address: an attribute of a person that may change, not their identity.</summary>
    public const string Email = "email";

    /// <summary>SHA-1 of a <c>mailto:</c> address, as xAPI carries it.</summary>
    public const string EmailSha1 = "email_sha1";

    /// <summary>An xAPI account, written <c>homePage|name</c>.</summary>
    public const string XapiAccount = "xapi_account";

    /// <summary>All kinds, strongest first.</summary>
    public static IReadOnlyList<string> All { get; } = [ExternalId, SsoUid, LmsUserId, XapiAccount, Username, Email, EmailSha1];

    /// <summary>Whether values of a kind mean something only within one source.</summary>
    /// <param name="kind">One of the kinds above.</param>
    public static bool IsScopedToSource(string kind) => kind is LmsUserId or Username or XapiAccount;
}
