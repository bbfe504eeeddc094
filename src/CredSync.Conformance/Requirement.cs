namespace CredSync.Conformance;

/// <summary>How cases say that something does not hold.</summary>
internal static class Requirement
{
    public static void Require(bool holds, string seen)
    {
        if (!holds)
        {
            throw new ConformanceException(seen);
        }
    }
}
