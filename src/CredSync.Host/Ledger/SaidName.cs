namespace CredSync.Host.Ledger;

/// <summary>
/// The name, in the audit, of somebody whom the command line names: that is said and not proven, so whoever the operating system knows stands beside it.
/// </summary>
internal static class SaidName
{
    /// <summary>What stands between a name that was said and the operating system's user who said it.</summary>
    public const string By = " (said by ";

    /// <summary>Writes it; a user who names themselves is named as they are.</summary>
    /// <param name="name">Who is named.</param>
    /// <param name="user">The operating system's user.</param>
    public static string Of(string name, string user) => name == user ? user : $"{name}{By}{user})";

    /// <summary>The name alone, of one that was said; any other as it is.</summary>
    public static string Alone(string name) => name.EndsWith(')') && name.IndexOf(By, StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;
}
