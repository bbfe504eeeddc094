namespace CredSync;

/// <summary>
/// What kind of fault an adapter met, named by what must happen next. The host maps each kind to one action in one table;
/// an adapter only says the kind and a sentence, and never retries, sleeps or logs failures itself.
/// </summary>
public enum FaultKind
{
    /// <summary>The other side cannot be reached or is unwell (no connection, time-out, 5xx, maintenance). Waiting helps; the host backs off and tries again.</summary>
    Outage,

    /// <summary>The other side asks for patience (429, quota). The host waits as long as asked, or backs off when nothing was said.</summary>
    RateLimited,

    /// <summary>The credentials are refused (wrong, expired or revoked token). Repeating cannot help; the host pauses the connection until a person acts.</summary>
    Unauthorized,

    /// <summary>Address, rights or settings are wrong, or something that the configuration names does not exist there. The host pauses the connection until a person acts.</summary>
    Misconfigured,

    /// <summary>The answer breaks the platform's own protocol (HTML for JSON, a cursor that does not advance, truncated JSON). The host backs off and reports it.</summary>
    Broken,

    /// <summary>This one item is refused for good (an issuer says no to this recipient or these facts). The host parks the item alone; others go on.</summary>
    Rejected,

    /// <summary>It is unknown whether the other side acted (a time-out after the request left). The host looks the result up by key, or holds the item for a person; it never repeats on a guess.</summary>
    InDoubt,
}
