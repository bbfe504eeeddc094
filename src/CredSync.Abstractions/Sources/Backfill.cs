namespace CredSync.Sources;

/// <summary>
/// Whether the calls that are made now belong to a backfill: a reading from the very beginning, which brings what happened long ago. Where calls are rationed, they let those go first that
/// bring what happens now. The worker says so around each reading; it flows with the asynchronous calls, so an adapter need not hand it on.
/// </summary>
public static class Backfill
{
    private static readonly AsyncLocal<bool> Current = new();

    /// <summary>Whether a backfill is under way in this flow of calls. Default false.</summary>
    public static bool IsUnderWay => Current.Value;

    /// <summary>Says for the rest of this asynchronous method, and for what it calls, whether it is a backfill.</summary>
    /// <param name="isBackfill">Whether it is.</param>
    public static void Set(bool isBackfill) => Current.Value = isBackfill;
}
