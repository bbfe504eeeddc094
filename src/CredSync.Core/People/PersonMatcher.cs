using System.Security.Cryptography;
using System.Text;
using CredSync.Completions;

namespace CredSync.Core.People;

/// <summary>Finds who a completion is about, by its identifiers. Never guesses: what cannot be settled is <see cref="PersonMatch.Unsure"/>.</summary>
public static class PersonMatcher
{
    /// <summary>The normalised form of identifiers, strongest first, as the ledger indexes them.</summary>
    /// <param name="source">Name of the source, which scopes the kinds that mean something only there.</param>
    /// <param name="identifiers">The identifiers as the platform spells them.</param>
    /// <param name="policy">The policy; kinds that it does not list are left out.</param>
    /// <returns>
    /// Distinct keys. An e-mail address also yields its <see cref="IdentifierKinds.EmailSha1"/> key when the policy lists that kind, so
    /// that both ways of telling an address meet. Empty when no identifier can be used.
    /// </returns>
    public static IReadOnlyList<IdentifierKey> Keys(string source, IReadOnlyList<PersonIdentifier> identifiers, PeoplePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(identifiers);
        ArgumentNullException.ThrowIfNull(policy);
        List<IdentifierKey> keys = new(identifiers.Count + 1);
        foreach (string kind in policy.MatchOrder)
        {
            // Sorted within a kind, so that the strongest identifier does not depend on the order in which a platform lists them.
            int start = keys.Count;
            foreach (PersonIdentifier identifier in identifiers)
            {
                if (KeyOf(source, identifier, kind, policy) is { } key && !keys.Contains(key))
                {
                    keys.Add(key);
                }
            }

            if (keys.Count - start > 1)
            {
                keys.Sort(start, keys.Count - start, ByValue);
            }
        }

        return keys;
    }

    /// <summary>Finds who a completion is about.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="identifiers">The identifiers as the platform spells them.</param>
    /// <param name="known">
    /// Identifiers and the subject ids they belong to: at least those of <see cref="Keys"/> that the ledger holds, and, so that an address which
    /// passed to somebody else is noticed, the other identifiers of the people found by them.
    /// </param>
    /// <param name="policy">The policy.</param>
    /// <returns>
    /// Known, when everything that identifies points to one person. An e-mail address links only when no stronger identifier contradicts it; when one does, it is
    /// unsure unless the policy creates such people. New, when nothing known names them and the policy allows it; the subject id is a UUID version 5 of their strongest identifier. Else unsure.
    /// </returns>
    public static PersonMatch Match(
        string source, IReadOnlyList<PersonIdentifier> identifiers, IReadOnlyDictionary<IdentifierKey, Guid> known, PeoplePolicy policy) =>
        Match(Keys(source, identifiers, policy), DirectoryFinding.Nobody.Instance, known, policy);

    /// <summary>Finds who a completion is about, with what the directory says.</summary>
    /// <param name="keys">Its identifiers, from <see cref="Keys"/>.</param>
    /// <param name="listed">Whom the directory means by them, from <see cref="PeopleDirectory.Find"/>.</param>
    /// <param name="known">Identifiers and the subject ids they belong to, also for those of the directory's row; see the other overload.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>Known, when everything that identifies points to one person; new, when nothing known names them and they may be created; else unsure.</returns>
    public static PersonMatch Match(IReadOnlyList<IdentifierKey> keys, DirectoryFinding listed, IReadOnlyDictionary<IdentifierKey, Guid> known, PeoplePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(policy);
        if (listed is DirectoryFinding.Several several)
        {
            return Ambiguous(
                "The directory gives the identifiers of this completion to different people; correct it, or match the completion by hand.",
                [.. several.Ids.Select(id => known.TryGetValue(id, out Guid subject) ? subject : SubjectOf(id, policy)).Distinct()]);
        }

        DirectoryEntry? entry = (listed as DirectoryFinding.Person)?.Entry;
        IReadOnlyList<IdentifierKey> all = entry is null ? keys : [.. keys.Union(entry.Keys)];
        if (all.Count == 0)
        {
            return new PersonMatch.Unsure(
                PersonCauses.Unknown,
                "The completion carries no identifier that people.yaml uses; list its kind under 'match', or link the person by hand.",
                []);
        }

        List<Guid> identified = SubjectsOf(all, known, attributes: false);
        if (identified.Count > 0)
        {
            return identified.Count == 1
                ? new PersonMatch.Known(identified[0])
                : Ambiguous("The identifiers of this completion belong to different people; merge them or correct the platform's record.", identified);
        }

        List<Guid> addressed = SubjectsOf(all, known, attributes: true);
        List<Guid> linked = [.. addressed.Where(subject => !IsContradicted(subject, all, known))];
        if (linked.Count > 0)
        {
            return linked.Count == 1
                ? new PersonMatch.Known(linked[0])
                : Ambiguous("The e-mail addresses of this completion belong to different people; merge them or correct the platform's record.", linked);
        }

        if (entry is not null)
        {
            return new PersonMatch.New(SubjectOf(entry.Id, policy));
        }

        Guid fresh = SubjectOf(Strongest(all, known), policy);
        if (addressed.Count > 0 && !policy.MayCreateContradicted)
        {
            return new PersonMatch.Unsure(
                PersonCauses.Contradicted,
                "The e-mail address belongs to somebody with another identifier of the same kind; add the person to the directory, or match the completion to one of the candidates by hand.",
                [.. addressed.Append(fresh).Order()]);
        }

        return policy.MayCreateUnknown
            ? new PersonMatch.New(fresh)
            : new PersonMatch.Unsure(
                PersonCauses.Unknown,
                "Nobody in the directory has these identifiers; add the person to the directory, or set 'unknown: create' in people.yaml.",
                []);
    }

    /// <summary>The subject id of a new person whose strongest identifier this is.</summary>
    /// <param name="key">The identifier.</param>
    /// <param name="policy">The policy, which has the organisation's namespace.</param>
    public static Guid SubjectOf(IdentifierKey key, PeoplePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return NameBasedUuid.Create(policy.Namespace, $"{key.Kind}|{key.Scope}|{key.Value}");
    }

    /// <summary>The normalised form of one identifier, as the directory and the ledger index it.</summary>
    /// <param name="kind">One of <see cref="IdentifierKinds"/>.</param>
    /// <param name="source">Name of the source for kinds that mean something only there; ignored for others.</param>
    /// <param name="value">As it is written.</param>
    public static IdentifierKey KeyOf(string kind, string source, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string trimmed = value.Trim();
        return new IdentifierKey(kind, IdentifierKinds.IsScopedToSource(kind) ? source : "", IgnoresCase(kind) ? trimmed.ToLowerInvariant() : trimmed);
    }

    private static PersonMatch.Unsure Ambiguous(string sentence, List<Guid> candidates)
    {
        candidates.Sort();
        return new PersonMatch.Unsure(PersonCauses.Ambiguous, sentence, candidates);
    }

    // A new person who has only an address that is taken by somebody else is told apart by their own strongest identifier.
    private static IdentifierKey Strongest(IReadOnlyList<IdentifierKey> keys, IReadOnlyDictionary<IdentifierKey, Guid> known)
    {
        foreach (IdentifierKey key in keys)
        {
            if (!known.ContainsKey(key))
            {
                return key;
            }
        }

        return keys[0];
    }

    private static List<Guid> SubjectsOf(IReadOnlyList<IdentifierKey> keys, IReadOnlyDictionary<IdentifierKey, Guid> known, bool attributes)
    {
        List<Guid> subjects = [];
        foreach (IdentifierKey key in keys)
        {
            if (PeoplePolicy.IsAttribute(key.Kind) == attributes && known.TryGetValue(key, out Guid subject) && !subjects.Contains(subject))
            {
                subjects.Add(subject);
            }
        }

        return subjects;
    }

    // Somebody who has another identifier of the same kind and scope is somebody else.
    private static bool IsContradicted(Guid subject, IReadOnlyList<IdentifierKey> keys, IReadOnlyDictionary<IdentifierKey, Guid> known)
    {
        foreach ((IdentifierKey theirs, Guid owner) in known)
        {
            if (owner != subject || PeoplePolicy.IsAttribute(theirs.Kind))
            {
                continue;
            }

            foreach (IdentifierKey key in keys)
            {
                if (key.Kind == theirs.Kind && key.Scope == theirs.Scope && key.Value != theirs.Value)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static IdentifierKey? KeyOf(string source, PersonIdentifier identifier, string kind, PeoplePolicy policy)
    {
        if (PeoplePolicy.IsAttribute(identifier.Kind) && policy.EmailMustBeVerified && !identifier.Verified)
        {
            return null;
        }

        string value = identifier.Value.Trim();
        if (value.Length == 0)
        {
            return null;
        }

        if (identifier.Kind == kind)
        {
            return KeyOf(kind, source, value);
        }

        return kind == IdentifierKinds.EmailSha1 && identifier.Kind == IdentifierKinds.Email
            ? HashOf(value)
            : null;
    }

    // Platforms spell personnel numbers, login names and addresses in whatever case was typed; opaque ids keep theirs.
    private static bool IgnoresCase(string kind) =>
        kind is IdentifierKinds.ExternalId or IdentifierKinds.Username or IdentifierKinds.Email or IdentifierKinds.EmailSha1;

    /// <summary>The hash of an e-mail address, as some platforms tell it.</summary>
    internal static IdentifierKey HashOf(string address) => new(IdentifierKinds.EmailSha1, "", Sha1OfAddress(address.Trim().ToLowerInvariant()));

    private static string Sha1OfAddress(string address)
    {
#pragma warning disable CA5350 // xAPI 1.0.3 (Data, 2.4.2.3) fixes SHA-1 for mbox_sha1sum; it is an identifier here, not a defence.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("mailto:" + address)));
#pragma warning restore CA5350
    }

    private static readonly Comparer<IdentifierKey> ByValue = Comparer<IdentifierKey>.Create(static (a, b) => string.CompareOrdinal(a.Value, b.Value));
}
