namespace CredSync.Core.People;

/// <summary>One row of the people directory: what holds of one person from one day to another.</summary>
public sealed record DirectoryEntry
{
    /// <summary>The identifier that names the person in the directory; rows with the same one are about the same person.</summary>
    public required IdentifierKey Id { get; init; }

    /// <summary>All identifiers of the row, the naming one first.</summary>
    public required IReadOnlyList<IdentifierKey> Keys { get; init; }

    /// <summary>First day on which it holds, in the organisation's time zone; null: from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day on which it holds; null: until further notice.</summary>
    public DateOnly? To { get; init; }

    /// <summary>How the person wants to be called; null when the row does not say.</summary>
    public string? PreferredName { get; init; }

    /// <summary>The person's name in documents; null when the row does not say.</summary>
    public string? LegalName { get; init; }

    /// <summary>Where credentials are sent, as written; null when the row has no address.</summary>
    public string? Email { get; init; }

    /// <summary>What the person said about credentials; empty when nothing.</summary>
    public IReadOnlyList<ConsentFact> Consents { get; init; } = [];

    /// <summary>The row's line in the file, from 1.</summary>
    public int Line { get; init; }

    /// <summary>Whether it holds on a day.</summary>
    /// <param name="day">The day.</param>
    public bool Holds(DateOnly day) => (From is not { } from || from <= day) && (To is not { } to || day <= to);
}

/// <summary>Whom the directory means.</summary>
public abstract record DirectoryFinding
{
    private protected DirectoryFinding()
    {
    }

    /// <summary>Nobody in the directory has any of the identifiers.</summary>
    public sealed record Nobody : DirectoryFinding
    {
        /// <summary>The one there is.</summary>
        public static Nobody Instance { get; } = new();
    }

    /// <summary>One person.</summary>
    /// <param name="Entry">The row that holds on the day; of several, the last that began.</param>
    public sealed record Person(DirectoryEntry Entry) : DirectoryFinding;

    /// <summary>The identifiers belong to different people.</summary>
    /// <param name="Ids">The identifiers that name them in the directory.</param>
    public sealed record Several(IReadOnlyList<IdentifierKey> Ids) : DirectoryFinding;
}
