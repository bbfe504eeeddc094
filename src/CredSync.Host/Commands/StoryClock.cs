namespace CredSync.Host.Commands;

/// <summary>A clock that begins at a given time when it is made and then goes on like any other.</summary>
/// <param name="begin">Where it begins, UTC.</param>
internal sealed class StoryClock(DateTimeOffset begin) : TimeProvider
{
    private long shift = (begin - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shift));

    /// <summary>Goes by this machine's clock from now on, if the story lies in its past: what is signed from then on is fresh for everybody else too.</summary>
    public void CatchUp()
    {
        if (Interlocked.Read(ref shift) < 0)
        {
            Interlocked.Exchange(ref shift, 0);
        }
    }
}
