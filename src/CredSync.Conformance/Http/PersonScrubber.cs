using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CredSync.Completions;

namespace CredSync.Conformance.Http;

/// <summary>Puts invented people in the place of real ones, the same everywhere in a transcript.</summary>
internal sealed partial class PersonScrubber
{
    private static readonly string[] Identifying = [IdentifierKinds.Email, IdentifierKinds.ExternalId, IdentifierKinds.SsoUid, IdentifierKinds.Username];
    private static readonly string[] First = ["firstname", "givenname"];
    private static readonly string[] Last = ["lastname", "familyname", "surname"];
    private static readonly string[] Full = ["fullname", "userfullname", "displayname", "name"];
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string> whole = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> addresses = new(StringComparer.OrdinalIgnoreCase);
    private int people;

    public PersonScrubber(IEnumerable<Completion> completions)
    {
        foreach (Completion completion in completions)
        {
            Know(completion);
        }
    }

    public Transcript Scrub(Transcript transcript) => new()
    {
        Exchanges =
        [
            .. transcript.Exchanges.Select(exchange => exchange with
            {
                Request = Address(exchange.Request),
                Body = Body(exchange.Body),
                Headers = exchange.Headers.ToDictionary(header => header.Key, header => header.Key == "Date" ? header.Value : Address(header.Value)),
                Answer = Body(exchange.Answer),
            }),
        ],
    };

    private void Know(Completion completion)
    {
        string[] known = [.. completion.Identifiers.Where(id => Identifying.Contains(id.Kind)).Select(id => id.Value)];
        string number = known.Select(value => whole.GetValueOrDefault(value)).OfType<string>().Select(Digits).FirstOrDefault() ?? (++people).ToString(CultureInfo.InvariantCulture);
        foreach (PersonIdentifier id in completion.Identifiers.Where(id => Identifying.Contains(id.Kind)))
        {
            whole.TryAdd(id.Value, id.Kind == IdentifierKinds.Email ? $"person-{number}@example.org" : $"id-{number}");
        }

        foreach (PersonIdentifier email in completion.Identifiers.Where(id => id.Kind == IdentifierKinds.Email))
        {
            addresses.TryAdd(email.Value, $"person-{number}@example.org");
        }

        if (completion.PersonName is not { Length: > 0 } name)
        {
            return;
        }

        // Platforms often send a name in two fields, which the adapter puts together: any way to cut it between words.
        whole.TryAdd(name, $"Person N{number}");
        for (int cut = name.IndexOf(' ', StringComparison.Ordinal); cut > 0; cut = name.IndexOf(' ', cut + 1))
        {
            whole.TryAdd(name[..cut], "Person");
            whole.TryAdd(name[(cut + 1)..], $"N{number}");
        }
    }

    /// <summary>Somebody whom the adapter did not read, by the names of the fields: a learner who finished nothing, a teacher.</summary>
    private void KnowByFields(JsonObject fields)
    {
        List<(string Name, string Text)> texts = [.. fields.Where(f => f.Value is JsonValue v && v.GetValueKind() == JsonValueKind.String).Select(f => (f.Key.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant(), f.Value!.GetValue<string>()))];
        List<(string Name, string Text)> unknown = [.. texts.Where(t => t.Text.Length > 0 && !whole.ContainsKey(t.Text))];
        if (!texts.Exists(t => First.Contains(t.Name) || Last.Contains(t.Name) || t.Name is "userfullname" or "email") || unknown.Count == 0)
        {
            return;
        }

        string? number = null;
        foreach ((string name, string text) in unknown)
        {
            string? invented = First.Contains(name) ? "Person" : Last.Contains(name) ? "N" : Full.Contains(name) ? "Person N" : name == "username" ? "id-" : null;
            if (invented is not null)
            {
                number ??= texts.Select(t => whole.GetValueOrDefault(t.Text)).OfType<string>().Select(Digits).FirstOrDefault(d => d.Length > 0) ?? (++people).ToString(CultureInfo.InvariantCulture);
                whole.TryAdd(text, invented == "Person" ? invented : invented + number);
            }
        }
    }

    private string Body(string text)
    {
        if (text.Length > 0 && text.AsSpan().TrimStart()[0] is '{' or '[')
        {
            try
            {
                JsonNode? json = JsonNode.Parse(text);
                Walk(json);
                return json?.ToJsonString(Written) ?? text;
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                // Not JSON after all, or with a name twice: as plain text.
            }
        }

        return Address(text);
    }

    private void Walk(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            KnowByFields(fields);
            foreach (string name in fields.Select(field => field.Key).ToList())
            {
                if (Invented(fields[name]) is { } invented)
                {
                    fields[name] = invented;
                }
            }
        }
        else if (node is JsonArray items)
        {
            for (int i = 0; i < items.Count; i++)
            {
                if (Invented(items[i]) is { } invented)
                {
                    items[i] = invented;
                }
            }
        }
    }

    /// <summary>What stands in the place of a text; null for anything else, below which the same was done.</summary>
    private JsonValue? Invented(JsonNode? node)
    {
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            return JsonValue.Create(Value(value.GetValue<string>()));
        }

        Walk(node);
        return null;
    }

    private string Value(string text) => whole.TryGetValue(text, out string? invented) ? invented
        : Uri.TryCreate(text, UriKind.Absolute, out _) ? Address(text)
        : EmailAddresses(text);

    /// <summary>An address, a form, or any other text that is made of parts.</summary>
    private string Address(string text) => EmailAddresses(Part().Replace(text, part => whole.TryGetValue(Uri.UnescapeDataString(part.Value.Replace('+', ' ')), out string? invented) ? Uri.EscapeDataString(invented) : part.Value));

    private string EmailAddresses(string text) => Email().Replace(text, email =>
    {
        string plain = Uri.UnescapeDataString(email.Value);
        if (!addresses.TryGetValue(plain, out string? invented))
        {
            addresses[plain] = invented = plain.StartsWith("person-", StringComparison.Ordinal) && plain.EndsWith("@example.org", StringComparison.Ordinal)
                ? plain
                : string.Create(CultureInfo.InvariantCulture, $"person-{++people}@example.org");
        }

        return email.Value.Contains('@', StringComparison.Ordinal) ? invented : Uri.EscapeDataString(invented);
    });

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    [GeneratedRegex(@"[^/?&=\s,;""<>]+")]
    private static partial Regex Part();

    [GeneratedRegex(@"[\p{L}\p{N}._%+'-]+(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex Email();
}
