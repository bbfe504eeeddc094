using System.Text.Json.Serialization;

namespace CredSync.Sources.Xapi;

/// <summary>Where reading a store goes on: how far each verb was read, and the place within the one that is being read.</summary>
internal sealed record XapiCursor
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>Readings that were finished; moves the cursor when nothing else does.</summary>
    [JsonPropertyName("n")]
    public int Readings { get; init; }

    /// <summary>For each verb, up to which time of storing it was read, in ticks UTC.</summary>
    [JsonPropertyName("since")]
    public IReadOnlyDictionary<string, long> Since { get; init; } = new Dictionary<string, long>();

    /// <summary>The verb that is being read; null between readings.</summary>
    [JsonPropertyName("verb")]
    public string? Verb { get; init; }

    /// <summary>The store's link to the next page; null for the first.</summary>
    [JsonPropertyName("more")]
    public string? More { get; init; }

    /// <summary>The newest time of storing that was met under this verb in this reading, in ticks; 0 for none.</summary>
    [JsonPropertyName("newest")]
    public long Newest { get; init; }

    /// <summary>How far the store said to be consistent at the first page, in ticks; 0 when it did not say.</summary>
    [JsonPropertyName("through")]
    public long Through { get; init; }

    /// <summary>How often this reading was begun anew because the store forgot its link; tells a page that is read again from the one before.</summary>
    [JsonPropertyName("again")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Again { get; init; }

    public bool IsValid() => Version == 1 && Readings >= 0 && Since.Values.All(t => t is >= 0 and < 3_155_378_975_999_999_999);

    /// <summary>The verb was read to its end.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="delay">How late a store that does not say how far it is consistent may show a statement.</param>
    /// <param name="now">The time: something that such a store dates ahead of it must not move the place to go on from beyond what comes in next.</param>
    public XapiCursor AfterVerb(string verb, TimeSpan delay, DateTimeOffset now)
    {
        long before = Since.GetValueOrDefault(verb);
        long reached = Newest == 0 ? before : Through > 0 ? Math.Min(Newest, Through) : Math.Min(Newest, now.UtcTicks) - delay.Ticks;
        return this with { Since = new Dictionary<string, long>(Since, StringComparer.Ordinal) { [verb] = Math.Max(before, reached) }, Verb = verb, More = null, Newest = 0, Through = 0 };
    }
}
