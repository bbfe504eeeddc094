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
    /// Known, when everything that identifies points to one person. An e-mail address links only when no stronger identifier contradicts it.
    /// New, when nothing known names them and the policy allows it; the subject id is a UUID version 5 of their strongest identifier. Else unsure.
    /// </returns>
    public static PersonMatch Match(
        string source, IReadOnlyList<PersonIdentifier> identifiers, IReadOnlyDictionary<IdentifierKey, Guid> known, PeoplePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(known);
        IReadOnlyList<IdentifierKey> keys = Keys(source, identifiers, policy);
        if (keys.Count == 0)
        {
            return new PersonMatch.Unsure(
                "person-unknown",
                "The completion carries no identifier that people.yaml uses; list its kind under 'match', or link the person by hand.",
                []);
        }

        List<Guid> identified = SubjectsOf(keys, known, attributes: false);
        if (identified.Count == 1)
        {
            return new PersonMatch.Known(identified[0]);
        }

        if (identified.Count > 1)
        {
            return Ambiguous("The identifiers of this completion belong to different people; merge them or correct the platform's record.", identified);
        }

        List<Guid> linked = SubjectsOf(keys, known, attributes: true);
        linked.RemoveAll(subject => IsContradicted(subject, keys, known));
        if (linked.Count > 1)
        {
            return Ambiguous("The e-mail addresses of this completion belong to different people; merge them or correct the platform's record.", linked);
        }

        if (linked.Count == 1)
        {
            return new PersonMatch.Known(linked[0]);
        }

        return policy.MayCreateUnknown
            ? new PersonMatch.New(SubjectOf(keys, known, policy))
            : new PersonMatch.Unsure(
                "person-unknown",
                "Nobody in the directory has these identifiers; add the person to the directory, or set 'unknown: create' in people.yaml.",
                []);
    }

    private static PersonMatch.Unsure Ambiguous(string sentence, List<Guid> candidates)
    {
        candidates.Sort();
        return new PersonMatch.Unsure("person-ambiguous", sentence, candidates);
    }

    // A new person who has only an address that is taken by somebody else is told apart by their own strongest identifier.
    private static Guid SubjectOf(IReadOnlyList<IdentifierKey> keys, IReadOnlyDictionary<IdentifierKey, Guid> known, PeoplePolicy policy)
    {
        IdentifierKey strongest = keys[0];
        foreach (IdentifierKey key in keys)
        {
            if (!known.ContainsKey(key))
            {
                strongest = key;
                break;
            }
        }

        return NameBasedUuid.Create(policy.Namespace, $"{strongest.Kind}|{strongest.Scope}|{strongest.Value}");
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
            return new IdentifierKey(kind, IdentifierKinds.IsScopedToSource(kind) ? source : "", IgnoresCase(kind) ? value.ToLowerInvariant() : value);
        }

        return kind == IdentifierKinds.EmailSha1 && identifier.Kind == IdentifierKinds.Email
            ? new IdentifierKey(kind, "", Sha1OfAddress(value.ToLowerInvariant()))
            : null;
    }

    // Platforms spell personnel numbers, login names and addresses in whatever case was typed; opaque ids keep theirs.
    private static bool IgnoresCase(string kind) =>
        kind is IdentifierKinds.ExternalId or IdentifierKinds.Username or IdentifierKinds.Email or IdentifierKinds.EmailSha1;

    private static string Sha1OfAddress(string address)
    {
#pragma warning disable CA5350 // xAPI 1.0.3 (Data, 2.4.2.3) fixes SHA-1 for mbox_sha1sum; it is an identifier here, not a defence.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("mailto:" + address)));
#pragma warning restore CA5350
    }

    private static readonly Comparer<IdentifierKey> ByValue = Comparer<IdentifierKey>.Create(static (a, b) => string.CompareOrdinal(a.Value, b.Value));
}
