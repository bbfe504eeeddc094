using System.Text.Encodings.Web;
using System.Text.Json;
using CredSync.Completions;

namespace CredSync.Conformance.Http;

/// <summary>Recorded HTTP exchanges with a platform, without secrets, to be kept in a file and played back.</summary>
public sealed record Transcript
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The exchanges, in the order in which they were made.</summary>
    public required IReadOnlyList<Exchange> Exchanges { get; init; }

    /// <summary>Reads a transcript.</summary>
    /// <param name="json">Text that <see cref="ToJson"/> wrote.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static Transcript Parse(string json) => JsonSerializer.Deserialize<Transcript>(json, Written) ?? throw new JsonException("Not a transcript.");

    /// <summary>Reads a transcript from a file.</summary>
    /// <param name="path">The file.</param>
    public static Transcript Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>As text for a file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Written);

    /// <summary>
    /// The same transcript about invented people: names, e-mail addresses and the organisation's own ids of those who are in the given completions become
    /// <c>Person N1</c>, <c>person-1@example.org</c> and <c>id-1</c>, the same for the same person everywhere; so does every other e-mail address. What the adapter
    /// does not read is not recognised: look the file through before you keep it.
    /// </summary>
    /// <param name="completions">What the adapter read while it was recorded.</param>
    public Transcript WithoutPeople(IEnumerable<Completion> completions)
    {
        ArgumentNullException.ThrowIfNull(completions);
        return new PersonScrubber(completions).Scrub(this);
    }

    /// <summary>Plays it back. Each call gives a player that begins anew.</summary>
    public HttpMessageHandler Play() => new TranscriptPlayer(this);
}

/// <summary>One request and its answer.</summary>
public sealed record Exchange
{
    /// <summary>Method, path and query of the request, for example <c>GET /api/courses?page=2</c>. The host is left out, so that a transcript fits any address.</summary>
    public required string Request { get; init; }

    /// <summary>Body of the request; empty for none.</summary>
    public string Body { get; init; } = "";

    /// <summary>Status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>Content type of the answer; null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Further headers of the answer that adapters read: <c>Date</c>, <c>Link</c>, <c>Location</c>, <c>Retry-After</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Body of the answer.</summary>
    public string Answer { get; init; } = "";
}
