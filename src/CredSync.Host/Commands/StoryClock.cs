namespace CredSync.Host.Commands;

/// <summary>A clock that begins at a given time when it is made and then goes on like any other.</summary>
/// <param name="begin">Where it begins, UTC.</param>
internal sealed class StoryClock(DateTimeOffset begin) : TimeProvider
{
    private readonly TimeSpan shift = begin - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
