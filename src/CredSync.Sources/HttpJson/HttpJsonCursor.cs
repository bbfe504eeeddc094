using System.Text.Json.Serialization;

namespace CredSync.Sources.HttpJson;

/// <summary>Where reading an API goes on: the page under way, and how far everything before was read.</summary>
internal sealed record HttpJsonCursor
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>Readings that were finished; moves the cursor when nothing else does.</summary>
    [JsonPropertyName("n")]
    public int Readings { get; init; }

    /// <summary>The next page as its paging names it: a number, a cursor, or path and query; null between readings.</summary>
    [JsonPropertyName("page")]
    public string? Page { get; init; }

    /// <summary>The newest change of finished readings, ticks UTC; 0 for none.</summary>
    [JsonPropertyName("newest")]
    public long Newest { get; init; }

    /// <summary>The newest change of the reading under way.</summary>
    [JsonPropertyName("seen")]
    public long Seen { get; init; }

    /// <summary>How often this reading was begun anew because the API forgot its link or cursor; tells a page that is read again from the one before.</summary>
    [JsonPropertyName("again")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Again { get; init; }

    /// <summary>Records of this reading before the page, so that one that is set aside can be told from those at the same place of other pages.</summary>
    [JsonPropertyName("rows")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Rows { get; init; }

    public bool IsValid() => Version == 1 && Readings >= 0 && Rows >= 0 && Newest is >= 0 and < 3_155_378_975_999_999_999 && Seen is >= 0 and < 3_155_378_975_999_999_999;
}
