using CredSync.Core.Issuance;

namespace CredSync.Host.Operations.Api;

/// <summary>Reads the parts that queries share, and refuses what is out of bounds.</summary>
internal static class Query
{
    private const int LongestPage = 500;
    private const int LongestWord = 500;

    public static int Limit(int? limit) => limit switch
    {
        null => 50,
        >= 1 and <= LongestPage => limit.Value,
        _ => throw new QueryException($"limit is from 1 to {LongestPage}."),
    };

    public static int Pages(int? pages) => pages switch
    {
        null => SourceDesk.UsualPages,
        >= 1 and <= SourceDesk.MostPages => pages.Value,
        _ => throw new QueryException($"pages is from 1 to {SourceDesk.MostPages}."),
    };

    public static string? Word(string? word) => word is null or "" ? null
        : word.Length > LongestWord ? throw new QueryException($"A word of the query is longer than {LongestWord} characters.")
        : word;

    public static IssuanceState? State(string? word) => Word(word) is not { } state ? null
        : Enum.TryParse(state, ignoreCase: true, out IssuanceState known) && char.IsLetter(state[0]) ? known
        : throw new QueryException("state is one of held, planned, sent, issued, refused.");

    public static string Needed(string? word, string name) => Word(word) ?? throw new QueryException($"'{name}' is missing.");

    public static string Why(string? why) => why is null || why.Length <= 1000 ? why ?? "" : throw new QueryException("'why' is longer than 1000 characters.");
}

/// <summary>A query that cannot be.</summary>
internal sealed class QueryException(string sentence) : Exception(sentence);
