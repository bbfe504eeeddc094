namespace CredSync.Sandbox.Badgr;

/// <summary>An issuer at a play Badgr: its staff account, its badge classes and its awards.</summary>
public sealed class BadgrWorld
{
    private readonly Dictionary<string, bool> _classes = new(StringComparer.Ordinal);
    private readonly List<BadgrAward> _awards = [];

    /// <summary>The account's user name.</summary>
    public string UserName { get; init; } = "badges@northwind.example";

    /// <summary>The account's password.</summary>
    public string Password { get; init; } = "northwind-play-badgr";

    /// <summary>How long tokens live. Default a day.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether the account is staff of the issuer. False: awarding answers 403.</summary>
    public bool IsStaff { get; set; } = true;

    /// <summary>Awards a page at most. Default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>The awards, in the order in which they were made.</summary>
    public IReadOnlyList<BadgrAward> Awards
    {
        get
        {
            lock (Gate)
            {
                return [.. _awards];
            }
        }
    }

    internal Lock Gate { get; } = new();

    /// <summary>Adds a badge class, or archives it.</summary>
    /// <param name="badgeClass">Its entityId.</param>
    /// <param name="archived">Whether it is archived.</param>
    public void SetBadgeClass(string badgeClass, bool archived = false)
    {
        lock (Gate)
        {
            _classes[badgeClass] = archived;
        }
    }

    /// <summary>Whether a badge class is archived; null when there is none.</summary>
    internal bool? IsArchived(string badgeClass) => _classes.TryGetValue(badgeClass, out bool archived) ? archived : null;

    internal BadgrAward Add(BadgrAward award)
    {
        BadgrAward added = award with { Id = PlayIds.Create("badgr", _awards.Count)[..22].Replace("-", "", StringComparison.Ordinal) };
        _awards.Add(added);
        return added;
    }

    internal void Revoke(string id, string reason)
    {
        int index = _awards.FindIndex(a => a.Id == id);
        _awards[index] = _awards[index] with { RevocationReason = reason };
    }
}
