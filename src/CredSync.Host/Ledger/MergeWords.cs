namespace CredSync.Host.Ledger;

/// <summary>What lines say that a merge changed.</summary>
internal static class MergeWords
{
    public const string SameAsAnother = "The person was merged with another who has the same one; unmerging gives it back.";
}
