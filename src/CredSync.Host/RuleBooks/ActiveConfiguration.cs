using CredSync.Core.Configuration;

namespace CredSync.Host.RuleBooks;

/// <summary>The configuration in force: an immutable snapshot, replaced whole. A broken change never gets in; the last good one stays.</summary>
internal sealed class ActiveConfiguration(Configuration initial)
{
    private Configuration current = initial;
    private IReadOnlyList<Finding> rejected = [];

    /// <summary>The snapshot in force.</summary>
    public Configuration Current => Volatile.Read(ref current);

    /// <summary>Why the newest change of the files is not in force; empty when it is.</summary>
    public IReadOnlyList<Finding> Rejected => Volatile.Read(ref rejected);

    /// <summary>Puts a good snapshot in force.</summary>
    public void Accept(Configuration next)
    {
        Volatile.Write(ref current, next);
        Volatile.Write(ref rejected, []);
    }

    /// <summary>Remembers why a change was refused.</summary>
    public void Refuse(IReadOnlyList<Finding> findings) => Volatile.Write(ref rejected, findings);
}
