using System.Security.Cryptography;
using System.Text;

namespace CredSync.Core.People;

/// <summary>
/// The people whom the organisation knows, with the days on which each identifier is theirs. Immutable; safe for use by many at once.
/// </summary>
public sealed class PeopleDirectory
{
    private readonly Dictionary<IdentifierKey, List<DirectoryEntry>> byKey = [];
    private readonly TimeZoneInfo zone;

    /// <summary>Makes a directory.</summary>
    /// <param name="entries">Its rows, in any order.</param>
    /// <param name="zone">The organisation's time zone, in which its days begin.</param>
    public PeopleDirectory(IReadOnlyList<DirectoryEntry> entries, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(zone);
        Entries = entries;
        this.zone = zone;
        foreach (DirectoryEntry entry in entries)
        {
            foreach (IdentifierKey key in entry.Keys)
            {
                if (!byKey.TryGetValue(key, out List<DirectoryEntry>? owners))
                {
                    byKey.Add(key, owners = []);
                }

                owners.Add(entry);
            }
        }

        Revision = RevisionOf(entries);
    }

    /// <summary>A directory with nobody in it.</summary>
    public static PeopleDirectory Empty { get; } = new([], TimeZoneInfo.Utc);

    /// <summary>Its rows.</summary>
    public IReadOnlyList<DirectoryEntry> Entries { get; }

    /// <summary>Hash of everything in it: 16 hexadecimal digits.</summary>
    public string Revision { get; }

    /// <summary>The day of an instant, in the organisation's time zone.</summary>
    /// <param name="at">The instant.</param>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>Whom identifiers mean.</summary>
    /// <param name="keys">The identifiers of a completion, normalised.</param>
    /// <param name="day">The day of the completion; identifiers pass from one person to another.</param>
    /// <param name="today">The present day: platforms also tell of old completions with the address that the person has now.</param>
    /// <returns>
    /// The person whom everything that identifies points to; an e-mail address counts only when nothing else points to anybody, and not for somebody who
    /// has another identifier of the same kind.
    /// </returns>
    public DirectoryFinding Find(IReadOnlyList<IdentifierKey> keys, DateOnly day, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (byKey.Count == 0)
        {
            return DirectoryFinding.Nobody.Instance;
        }

        List<DirectoryEntry> found = EntriesOf(keys, day, today, attributes: false);
        if (found.Count == 0)
        {
            found = EntriesOf(keys, day, today, attributes: true);
            found.RemoveAll(entry => IsContradicted(entry, keys));
        }

        IdentifierKey[] ids = [.. found.Select(e => e.Id).Distinct()];
        return ids.Length switch
        {
            0 => DirectoryFinding.Nobody.Instance,
            1 => new DirectoryFinding.Person(Current(ids[0], today) ?? found[0]),
            _ => new DirectoryFinding.Several(ids),
        };
    }

    /// <summary>The row of a person that holds on a day, else the last one there is; null when the directory does not have the person.</summary>
    /// <param name="id">The identifier that names the person in the directory.</param>
    /// <param name="day">The day.</param>
    public DirectoryEntry? Current(IdentifierKey id, DateOnly day)
    {
        DirectoryEntry? best = null;
        foreach (DirectoryEntry entry in byKey.TryGetValue(id, out List<DirectoryEntry>? owners) ? owners : [])
        {
            if (entry.Id == id && (best is null || (entry.Holds(day), entry.From ?? DateOnly.MinValue, entry.Line).CompareTo((best.Holds(day), best.From ?? DateOnly.MinValue, best.Line)) > 0))
            {
                best = entry;
            }
        }

        return best;
    }

    /// <summary>Identifiers that are given to different people for the same day, each with two rows that say so; nobody is matched by such an identifier on such a day.</summary>
    public IEnumerable<(IdentifierKey Key, DirectoryEntry First, DirectoryEntry Second)> Shared()
    {
        foreach ((IdentifierKey key, List<DirectoryEntry> owners) in byKey)
        {
            for (int i = 1; i < owners.Count; i++)
            {
                DirectoryEntry second = owners[i];
                if (owners.Take(i).FirstOrDefault(first => first.Id != second.Id && Overlap(first, second)) is { } first)
                {
                    yield return (key, first, second);
                    break;
                }
            }
        }
    }

    private List<DirectoryEntry> EntriesOf(IReadOnlyList<IdentifierKey> keys, DateOnly day, DateOnly today, bool attributes)
    {
        List<DirectoryEntry> found = [];
        foreach (IdentifierKey key in keys)
        {
            if (PeoplePolicy.IsAttribute(key.Kind) == attributes && byKey.TryGetValue(key, out List<DirectoryEntry>? owners))
            {
                found.AddRange(owners.Where(e => (e.Holds(day) || e.Holds(today)) && !found.Contains(e)));
            }
        }

        return found;
    }

    private static bool IsContradicted(DirectoryEntry entry, IReadOnlyList<IdentifierKey> keys)
    {
        foreach (IdentifierKey theirs in entry.Keys)
        {
            if (!PeoplePolicy.IsAttribute(theirs.Kind) && keys.Any(k => k.Kind == theirs.Kind && k.Scope == theirs.Scope && k.Value != theirs.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Overlap(DirectoryEntry a, DirectoryEntry b) =>
        (a.From ?? DateOnly.MinValue) <= (b.To ?? DateOnly.MaxValue) && (b.From ?? DateOnly.MinValue) <= (a.To ?? DateOnly.MaxValue);

    private static string RevisionOf(IReadOnlyList<DirectoryEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (DirectoryEntry entry in entries)
        {
            string[] parts =
            [
                .. entry.Keys.Select(k => $"{k.Kind}|{k.Scope}|{k.Value}"), $"{entry.From:O}", $"{entry.To:O}", entry.PreferredName ?? "", entry.LegalName ?? "", entry.Email ?? "",
                .. entry.Consents.Select(c => $"{c.Issuer}|{c.Given}"),
            ];
            hash.AppendData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => $"{p.Length}:{p},")) + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
