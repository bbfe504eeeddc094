namespace CredSync.Sandbox.Credly;

/// <summary>An organization at a play Credly: its token, its templates and the badges that it issued.</summary>
public sealed class CredlyWorld
{
    private readonly SortedDictionary<string, string> _templates = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CredlyBadge> _badges = [];

    /// <summary>The organization's id.</summary>
    public string Organization { get; init; } = "6b0b9a4e-5d0c-4f0f-9b61-3c1b3f0e7a10";

    /// <summary>The authorization token.</summary>
    public string Token { get; init; } = "northwind-play-credly";

    /// <summary>Whether the token may write. False: issuing and revoking answer 403.</summary>
    public bool MayWrite { get; set; } = true;

    /// <summary>Whether one person may get a template's badge more than once, as the template's setting says. Default: not.</summary>
    public bool AllowsDuplicates { get; set; }

    /// <summary>The status of a refused duplicate. Default 422; 409 is the other that clients have to expect.</summary>
    public int DuplicateStatus { get; set; } = 422;

    /// <summary>Badges a page. Default 25.</summary>
    public int PageSize { get; init; } = 25;

    /// <summary>The badges, in the order in which they were issued.</summary>
    public IReadOnlyList<CredlyBadge> Badges
    {
        get
        {
            lock (Gate)
            {
                return [.. _badges];
            }
        }
    }

    internal Lock Gate { get; } = new();

    internal IReadOnlyDictionary<string, string> Templates => _templates;

    /// <summary>Adds a template, or changes its state.</summary>
    /// <param name="template">Its id.</param>
    /// <param name="state"><c>active</c>, <c>archived</c> or <c>draft</c>.</param>
    public void SetTemplate(string template, string state = "active")
    {
        lock (Gate)
        {
            _templates[template] = state;
        }
    }

    /// <summary>Removes a badge altogether, as an administrator may.</summary>
    /// <param name="id">Its id.</param>
    public void Remove(string id)
    {
        lock (Gate)
        {
            _badges.RemoveAll(badge => badge.Id == id);
        }
    }

    internal CredlyBadge Issue(CredlyBadge badge)
    {
        CredlyBadge issued = badge with { Id = PlayIds.Create("credly", _badges.Count) };
        _badges.Add(issued);
        return issued;
    }

    internal bool IsDuplicate(CredlyBadge badge) => !AllowsDuplicates && _badges.Exists(other =>
        other.State != "revoked" && string.Equals(other.Template, badge.Template, StringComparison.OrdinalIgnoreCase)
        && (string.Equals(other.Email, badge.Email, StringComparison.OrdinalIgnoreCase) || (badge.EarnerId is not null && other.EarnerId == badge.EarnerId)));

    internal void Revoke(string id, string? reason)
    {
        int index = _badges.FindIndex(badge => badge.Id == id);
        _badges[index] = _badges[index] with { State = "revoked", RevocationReason = reason };
    }
}
