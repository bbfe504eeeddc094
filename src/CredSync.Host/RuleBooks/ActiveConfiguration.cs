using CredSync.Core.Configuration;

namespace CredSync.Host.RuleBooks;

/// <summary>The configuration in force: an immutable snapshot, replaced whole. A broken change never gets in; the last good one stays.</summary>
internal sealed class ActiveConfiguration
{
    private readonly Configuration began;
    private Configuration current;
    private IReadOnlyList<Finding> rejected = [];

    public ActiveConfiguration(Configuration initial) => began = current = initial;

    /// <summary>The snapshot in force.</summary>
    public Configuration Current => Volatile.Read(ref current);

    /// <summary>Why the newest change of the files is not in force; empty when it is.</summary>
    public IReadOnlyList<Finding> Rejected => Volatile.Read(ref rejected);

    /// <summary>Sources and issuers that were added, taken away or changed while this worker ran, in words: they are as they were until it is started again. Empty when there are none.</summary>
    public IReadOnlyList<string> WantRestart => [.. Changed("source", began.Sources.Select(s => (s.Name, s.Adapter)), Current.Sources.Select(s => (s.Name, s.Adapter))), .. Changed("issuer", began.Issuers.Select(i => (i.Name, i.Adapter)), Current.Issuers.Select(i => (i.Name, i.Adapter)))];

    /// <summary>Puts a good snapshot in force.</summary>
    public void Accept(Configuration next)
    {
        Volatile.Write(ref current, next);
        Volatile.Write(ref rejected, []);
    }

    /// <summary>Remembers why a change was refused.</summary>
    public void Refuse(IReadOnlyList<Finding> findings) => Volatile.Write(ref rejected, findings);

    private static IEnumerable<string> Changed(string kind, IEnumerable<(string, string)> before, IEnumerable<(string, string)> now)
    {
        HashSet<(string Name, string Adapter)> was = [.. before];
        HashSet<(string Name, string Adapter)> present = [.. now];
        return present.Except(was).Select(a => $"{kind} '{a.Name}' was added").Concat(was.Except(present).Select(g => $"{kind} '{g.Name}' was taken away"));
    }
}
