namespace CredSync.Sandbox.Faults;

/// <summary>The faults of one play platform. A request is hit by at most one: the first that was set and matches.</summary>
public sealed class FaultKnobs
{
    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _active = [];

    /// <summary>The faults that are set, oldest first; also those that are used up.</summary>
    public IReadOnlyList<ActiveFault> Active
    {
        get
        {
            lock (_gate)
            {
                return [.. _active];
            }
        }
    }

    /// <summary>Sets a fault.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <returns>The fault, to count its hits and to take it back.</returns>
    public ActiveFault Add(PlayFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ActiveFault active = new(this, fault);
        lock (_gate)
        {
            _active.Add(active);
        }

        return active;
    }

    /// <summary>Takes all faults back, and lets requests that they hold go on.</summary>
    public void Clear()
    {
        foreach (ActiveFault fault in Active)
        {
            fault.Release();
        }
    }

    internal void Remove(ActiveFault fault)
    {
        lock (_gate)
        {
            _active.Remove(fault);
        }
    }

    internal ActiveFault? Pick(string operation)
    {
        lock (_gate)
        {
            return _active.Find(fault => fault.Hit(operation));
        }
    }
}
