using CredSync.Core.People;

namespace CredSync.Host.Intake;

/// <summary>Who has which identifier, as the ledger says and as this page adds.</summary>
internal sealed class KnownPeople
{
    private readonly Dictionary<IdentifierKey, Guid> owners;
    private readonly Dictionary<Guid, List<IdentifierKey>> identifiers = [];

    public KnownPeople(IReadOnlyDictionary<IdentifierKey, Guid> known)
    {
        owners = new Dictionary<IdentifierKey, Guid>(known);
        foreach ((IdentifierKey key, Guid subject) in known)
        {
            Of(subject).Add(key);
        }
    }

    /// <summary>The identifiers given, with everything else that is known of the people found by them.</summary>
    public Dictionary<IdentifierKey, Guid> Around(IReadOnlyList<IdentifierKey> keys)
    {
        var around = new Dictionary<IdentifierKey, Guid>();
        foreach (IdentifierKey key in keys)
        {
            if (owners.TryGetValue(key, out Guid subject))
            {
                foreach (IdentifierKey other in Of(subject))
                {
                    around[other] = subject;
                }
            }
        }

        return around;
    }

    /// <summary>Gives a person the identifiers that nobody has yet.</summary>
    public void Add(Guid subject, IReadOnlyList<IdentifierKey> keys)
    {
        foreach (IdentifierKey key in keys)
        {
            if (owners.TryAdd(key, subject))
            {
                Of(subject).Add(key);
            }
        }
    }

    private List<IdentifierKey> Of(Guid subject)
    {
        if (!identifiers.TryGetValue(subject, out List<IdentifierKey>? list))
        {
            identifiers[subject] = list = [];
        }

        return list;
    }
}
