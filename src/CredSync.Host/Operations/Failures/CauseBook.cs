namespace CredSync.Host.Operations.Failures;

/// <summary>Every cause code that can stand in the ledger, with who can fix it and what to do. docs/operating.md has an entry for each; a test compares the two.</summary>
internal static partial class CauseBook
{
    private const string Operators = "operators";
    private const string IssuerAdmins = "the issuer's administrators";
    private const string PlatformAdmins = "the platform's administrators";
    private const string Authors = "whoever owns the credential's file";
    private const string AdapterAuthors = "the adapter's authors";
    private const string People = "the people team";

    private static readonly Dictionary<string, Cause> ByCode = new Cause[][] { Issuers, Holds, Records }.SelectMany(c => c).ToDictionary(c => c.Code, StringComparer.Ordinal);

    /// <summary>All causes, by code.</summary>
    public static IReadOnlyCollection<Cause> All => ByCode.Values;

    /// <summary>What is known about a cause; an adapter of your own may have causes that this book does not list.</summary>
    public static Cause Of(string code) => ByCode.GetValueOrDefault(code) ?? new Cause(
        code, CauseKind.Poison, "whoever runs the adapter", "An adapter's own cause.", "Read its sentence, mend what it says, then retry one.") { IsListed = false };
}
