using System.Globalization;
using System.Text.Json;

namespace CredSync.Sandbox.Coursera;

/// <summary>Offset paging: <c>start</c> and <c>limit</c> in, <c>paging.next</c> and <c>paging.total</c> out.</summary>
internal sealed record CourseraPage(int Start, int Limit)
{
    /// <summary>Reads the paging parameters; null when they are no numbers.</summary>
    public static CourseraPage? Read(PlayRequest request, int most) =>
        Number(request["start"], 0) is { } start and >= 0 && Number(request["limit"], 100) is { } limit and >= 1 && limit <= most ? new CourseraPage(start, limit) : null;

    public PlayAnswer Answer<T>(IReadOnlyList<T> rows, CourseraWireType wire, Action<Utf8JsonWriter, T> write) => JsonBody.Answer(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("elements");
        int end = (int)Math.Min((long)Start + Limit, rows.Count);
        for (int i = Start; i < end; i++)
        {
            write(json, rows[i]);
        }

        json.WriteEndArray();
        json.WriteStartObject("paging");
        if (end < rows.Count && Start < rows.Count)
        {
            if (wire == CourseraWireType.Text)
            {
                json.WriteString("next", end.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteNumber("next", end);
            }
        }

        json.WriteNumber("total", rows.Count);
        json.WriteEndObject();
        json.WriteStartObject("linked");
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static int? Number(string? text, int absent) =>
        text is null ? absent : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
