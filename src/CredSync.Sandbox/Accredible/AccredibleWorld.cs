namespace CredSync.Sandbox.Accredible;

/// <summary>An account at a play Accredible: its key, its groups and the credentials in them.</summary>
public sealed class AccredibleWorld
{
    private readonly Dictionary<string, bool> _groups = new(StringComparer.Ordinal);
    private readonly List<AccredibleAward> _awards = [];

    /// <summary>The API key.</summary>
    public string ApiKey { get; init; } = "northwind-play-accredible";

    /// <summary>Whether the account has credits left. False: credentials are made, but not published.</summary>
    public bool HasCredits { get; set; } = true;

    /// <summary>Whether a second credential with the same reference is refused. Default not: nothing documents that Accredible does.</summary>
    public bool RefusesDuplicates { get; set; }

    /// <summary>The credentials, in the order in which they were made, deleted ones included.</summary>
    public IReadOnlyList<AccredibleAward> Awards
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

    /// <summary>Adds a group, or archives it.</summary>
    /// <param name="group">Its id.</param>
    /// <param name="archived">Whether it is archived.</param>
    public void SetGroup(string group, bool archived = false)
    {
        lock (Gate)
        {
            _groups[group] = archived;
        }
    }

    /// <summary>Whether a group is archived; null when there is none.</summary>
    internal bool? IsArchived(string group) => _groups.TryGetValue(group, out bool archived) ? archived : null;

    internal AccredibleAward Add(AccredibleAward award)
    {
        AccredibleAward added = award with { Id = $"{10_000_001 + _awards.Count}", Published = award.Published && HasCredits };
        _awards.Add(added);
        return added;
    }

    internal AccredibleAward Change(string id, Func<AccredibleAward, AccredibleAward> change)
    {
        int index = _awards.FindIndex(a => a.Id == id);
        return _awards[index] = change(_awards[index]);
    }
}
