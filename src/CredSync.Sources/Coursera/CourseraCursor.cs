using System.Text.Json.Serialization;

namespace CredSync.Sources.Coursera;

/// <summary>Where reading stands: the run under way, and what the runs before it saw.</summary>
internal sealed record CourseraCursor
{
    public const int CurrentVersion = 1;

    /// <summary>Version of this text.</summary>
    [JsonPropertyName("v")]
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Number of the run under way, from 0.</summary>
    [JsonPropertyName("run")]
    public long Run { get; init; }

    /// <summary>Index of the first row that is not read in this run; 0 before it begins.</summary>
    [JsonPropertyName("start")]
    public long Start { get; init; }

    /// <summary>Whether the run under way reads everything.</summary>
    [JsonPropertyName("full")]
    public bool Full { get; init; }

    /// <summary>The newest completion seen by finished runs, epoch milliseconds; 0 for none. Never the time of reading: reports come a day or two late.</summary>
    [JsonPropertyName("newest")]
    public long Newest { get; init; }

    /// <summary>The newest completion seen by the run under way.</summary>
    [JsonPropertyName("seen")]
    public long Seen { get; init; }

    /// <summary>When the last full run ended, epoch milliseconds; 0 for never.</summary>
    [JsonPropertyName("full_at")]
    public long FullAt { get; init; }

    /// <summary>The program whose gradebook is being read, or the last that was read after these reports; null before the first.</summary>
    [JsonPropertyName("book")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Book { get; init; }

    /// <summary>Index of its first row that is not read; −1 when it is read to its end.</summary>
    [JsonPropertyName("book_start")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long BookStart { get; init; }

    /// <summary>The run after whose reports the gradebooks were read to their end.</summary>
    [JsonPropertyName("booked")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Booked { get; init; }

    /// <summary>Whether its values make sense.</summary>
    public bool IsValid() => Version == CurrentVersion && Run >= 0 && Start >= 0 && Newest >= 0 && Seen >= 0 && FullAt >= 0 && BookStart >= -1 && Booked >= 0;

    /// <summary>Decides what a new run reads; a run under way goes on as it began.</summary>
    /// <param name="now">The time.</param>
    /// <param name="fullEvery">How often everything is read.</param>
    public CourseraCursor Begin(DateTimeOffset now, TimeSpan fullEvery) => Start > 0 ? this : this with
    {
        Full = FullAt == 0 || Newest == 0 || now.ToUnixTimeMilliseconds() - FullAt >= (long)fullEvery.TotalMilliseconds,
        Seen = 0,
    };

    /// <summary>The cursor after a page that is not the last.</summary>
    public CourseraCursor Advance(long start, long seen) => this with { Start = start, Seen = Math.Max(Seen, seen) };

    /// <summary>The cursor after the last page.</summary>
    public CourseraCursor Finish(long seen, DateTimeOffset now) => this with
    {
        Run = Run + 1,
        Start = 0,
        Newest = Math.Max(Newest, Math.Max(Seen, seen)),
        Seen = 0,
        FullAt = Full ? now.ToUnixTimeMilliseconds() : FullAt,
        Full = false,
    };
}
