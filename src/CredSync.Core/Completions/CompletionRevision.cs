using CredSync.Completions;

namespace CredSync.Core.Completions;

/// <summary>How a completion that is read again revises the one that is known. Pure; the same two always give the same answer.</summary>
public static class CompletionRevision
{
    /// <summary>Merges what is known with what was read.</summary>
    /// <param name="known">What the ledger holds under the same key; null when it holds nothing.</param>
    /// <param name="incoming">What was read.</param>
    /// <returns>What changes.</returns>
    /// <remarks>
    /// When both say when the platform last changed them, the older never overwrites the newer, and at equal times an explicit
    /// revocation stays. The completion time is monotone: a more exact one replaces a less exact one, else the earliest stays, and
    /// it survives a withdrawal. A value that the incoming one does not state (null) does not erase a known one, because a platform's
    /// message often says less than its report.
    /// </remarks>
    /// <exception cref="ArgumentException">The two have different keys.</exception>
    public static CompletionChange Merge(Completion? known, Completion incoming)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        if (known is null)
        {
            return new CompletionChange.New(incoming);
        }

        if (known.Key != incoming.Key)
        {
            throw new ArgumentException("Only two readings of the same completion can be merged; these have different keys.", nameof(incoming));
        }

        if (IsStale(known, incoming))
        {
            return CompletionChange.Stale.Instance;
        }

        Completion merged = MergeContent(known, incoming);
        if (CompletionHash.Of(merged) != CompletionHash.Of(known))
        {
            return new CompletionChange.Revised(merged);
        }

        return merged.SourceUpdatedAt > known.SourceUpdatedAt || (known.SourceUpdatedAt is null && merged.SourceUpdatedAt is not null)
            ? new CompletionChange.Unchanged(merged.SourceUpdatedAt)
            : CompletionChange.Unchanged.Wholly;
    }

    private static bool IsStale(Completion known, Completion incoming)
    {
        if (known.SourceUpdatedAt is not { } before || incoming.SourceUpdatedAt is not { } now)
        {
            return false;
        }

        return now < before
            || (now == before && known.Status == CompletionStatus.Revoked && incoming.Status != CompletionStatus.Revoked);
    }

    private static Completion MergeContent(Completion known, Completion incoming)
    {
        (DateTimeOffset? completedAt, TimePrecision precision) = MergeTime(known, incoming);
        return incoming with
        {
            Identifiers = MergeIdentifiers(known.Identifiers, incoming.Identifiers),
            PersonName = incoming.PersonName ?? known.PersonName,
            Course = MergeCourse(known.Course, incoming.Course),
            Passed = incoming.Passed ?? known.Passed,
            CompletedAt = completedAt,
            CompletedAtPrecision = precision,
            Score = incoming.Score ?? known.Score,
            CertificateUrl = incoming.CertificateUrl ?? known.CertificateUrl,
            Evidence = incoming.Evidence.Count > 0 ? incoming.Evidence : known.Evidence,
            ConsentGiven = incoming.ConsentGiven ?? known.ConsentGiven,
            SourceUpdatedAt = incoming.SourceUpdatedAt ?? known.SourceUpdatedAt,
            SourceEventId = incoming.SourceEventId ?? known.SourceEventId,
        };
    }

    private static (DateTimeOffset? At, TimePrecision Precision) MergeTime(Completion known, Completion incoming)
    {
        if (incoming.CompletedAt is not { } read)
        {
            return (known.CompletedAt, known.CompletedAtPrecision);
        }

        if (known.CompletedAt is not { } before || incoming.CompletedAtPrecision > known.CompletedAtPrecision)
        {
            return (read, incoming.CompletedAtPrecision);
        }

        return incoming.CompletedAtPrecision == known.CompletedAtPrecision && read < before
            ? (read, incoming.CompletedAtPrecision)
            : (before, known.CompletedAtPrecision);
    }

    // A kind that the incoming one states replaces all known values of that kind (an address that changed); other kinds stay.
    private static IReadOnlyList<PersonIdentifier> MergeIdentifiers(IReadOnlyList<PersonIdentifier> known, IReadOnlyList<PersonIdentifier> incoming)
    {
        List<PersonIdentifier>? merged = null;
        foreach (PersonIdentifier identifier in known)
        {
            bool stated = false;
            foreach (PersonIdentifier other in incoming)
            {
                stated |= other.Kind == identifier.Kind;
            }

            if (!stated)
            {
                (merged ??= [.. incoming]).Add(identifier);
            }
        }

        return merged ?? incoming;
    }

    private static Course MergeCourse(Course known, Course incoming)
    {
        bool keepsAttributes = false;
        foreach (string name in known.Attributes.Keys)
        {
            keepsAttributes |= !incoming.Attributes.ContainsKey(name);
        }

        if (!keepsAttributes && (incoming.Run is not null || known.Run is null) && (incoming.Title is not null || known.Title is null))
        {
            return incoming;
        }

        Dictionary<string, string> attributes = new(known.Attributes, StringComparer.Ordinal);
        foreach ((string name, string value) in incoming.Attributes)
        {
            attributes[name] = value;
        }

        return incoming with { Run = incoming.Run ?? known.Run, Title = incoming.Title ?? known.Title, Attributes = attributes };
    }
}
