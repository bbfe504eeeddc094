using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CredSync.Sandbox.Edx;

/// <summary>Cursor paging by links: the cursor names the last id of the page before, so that rows that come or go do not shift it.</summary>
internal static class CursorPage
{
    public static PlayAnswer Answer(IReadOnlyList<EdxEnrolment> rows, string? cursor, int size, Uri address, string query, Action<Utf8JsonWriter, EdxEnrolment> write)
    {
        if (Read(cursor) is not { } after)
        {
            return EdxErrors.Detail(404, "Invalid cursor");
        }

        List<EdxEnrolment> page = [.. rows.Where(row => row.Id > after).Take(size + 1)];
        bool more = page.Count > size;
        if (more)
        {
            page.RemoveAt(size);
        }

        return JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("next", more ? Link(address, page[^1].Id, size, query) : null);
            json.WriteNull("previous");
            json.WriteStartArray("results");
            page.ForEach(row => write(json, row));
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static int? Read(string? cursor)
    {
        if (cursor is null)
        {
            return 0;
        }

        return Base64Url.IsValid(cursor) && int.TryParse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)), out int id) ? id : null;
    }

    private static string Link(Uri address, int id, int size, string query)
    {
        string cursor = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id.ToString(CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture, $"{address.AbsoluteUri}?cursor={cursor}&page_size={size}{query}");
    }
}
