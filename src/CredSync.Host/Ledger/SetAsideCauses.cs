namespace CredSync.Host.Ledger;

/// <summary>Causes under which the host itself sets records aside.</summary>
internal static class SetAsideCauses
{
    /// <summary>A known completion was not shown by its platform; since when it is missing is when it was first set aside. Its reference is its natural key.</summary>
    public const string Missing = "completion-missing";
}
