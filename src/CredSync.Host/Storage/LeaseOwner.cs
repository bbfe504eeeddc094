namespace CredSync.Host.Storage;

/// <summary>Who holds a lease: the machine, the process and its start, so that a dead process on the same machine is recognised at once.</summary>
internal sealed record LeaseOwner(string Machine, int Process, long ProcessStart)
{
    public override string ToString() => $"{Machine}:{Process}:{ProcessStart}";
}
