using CredSync.Core.People;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>Who has which identifier, as the ledger says and as this page adds. People who were merged are known as those whom they were merged into.</summary>
internal sealed class KnownPeople
{
    private readonly Dictionary<IdentifierKey, Guid> owners;
    private readonly IReadOnlyDictionary<Guid, Guid> merged;
    private readonly Dictionary<Guid, List<IdentifierKey>> identifiers = [];

    public KnownPeople(KnownIdentifiers known)
    {
        owners = new Dictionary<IdentifierKey, Guid>(known.Owners);
        merged = known.Merged;
        foreach ((IdentifierKey key, Guid owner) in owners)
        {
            Of(RootOf(owner)).Add(key);
        }
    }

    /// <summary>The identifiers given, with everything else that is known of the people found by them.</summary>
    public Dictionary<IdentifierKey, Guid> Around(IEnumerable<IdentifierKey> keys)
    {
        var around = new Dictionary<IdentifierKey, Guid>();
        foreach (IdentifierKey key in keys)
        {
            if (owners.TryGetValue(key, out Guid owner) && !around.ContainsKey(key))
            {
                Guid root = RootOf(owner);
                foreach (IdentifierKey other in Of(root))
                {
                    around[other] = root;
                }
            }
        }

        return around;
    }

    /// <summary>Under whose id a person's line is kept: whoever the strongest identifier belonged to before a merge, so that unmerging gives it back.</summary>
    public Guid OwnerOf(Guid root, IEnumerable<IdentifierKey> keys)
    {
        foreach (IdentifierKey key in keys)
        {
            if (owners.TryGetValue(key, out Guid owner) && RootOf(owner) == root)
            {
                return owner;
            }
        }

        return root;
    }

    /// <summary>All identifiers of a person that were looked at.</summary>
    public IReadOnlyList<IdentifierKey> IdentifiersOf(Guid root) => Of(root);

    /// <summary>Gives a person the identifiers that nobody has yet.</summary>
    public void Add(Guid owner, IEnumerable<IdentifierKey> keys)
    {
        foreach (IdentifierKey key in keys)
        {
            if (owners.TryAdd(key, owner))
            {
                Of(RootOf(owner)).Add(key);
            }
        }
    }

    private Guid RootOf(Guid owner) => merged.GetValueOrDefault(owner, owner);

    private List<IdentifierKey> Of(Guid root)
    {
        if (!identifiers.TryGetValue(root, out List<IdentifierKey>? list))
        {
            identifiers[root] = list = [];
        }

        return list;
    }
}
