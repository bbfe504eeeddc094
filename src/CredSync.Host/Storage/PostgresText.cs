namespace CredSync.Host.Storage;

/// <summary>
/// Makes text fit for PostgreSQL, which takes neither U+0000 nor half a surrogate pair: either becomes U+FFFD, the sign for what cannot be shown.
/// One odd character from a platform must not keep a whole page out.
/// </summary>
internal static class PostgresText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text, or a copy in which what cannot be stored is replaced.</summary>
    public static string? Safe(string? text)
    {
        if (text is null || IsSafe(text))
        {
            return text;
        }

        return string.Create(text.Length, text, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                if (char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]))
                {
                    target[i] = source[i];
                    target[i + 1] = source[i + 1];
                    i++;
                }
                else
                {
                    target[i] = source[i] == '\0' || char.IsSurrogate(source[i]) ? Replacement : source[i];
                }
            }
        });
    }

    /// <summary>JSON as our writer makes it, without the escape <c>\u0000</c> that <c>jsonb</c> refuses.</summary>
    public static string? SafeJson(string? json)
    {
        const string Escape = "\\u0000";
        if (json is null || !json.Contains(Escape, StringComparison.Ordinal))
        {
            return json;
        }

        var safe = new System.Text.StringBuilder(json.Length);
        for (int i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
            {
                safe.Append(json[i]);
            }
            else if (string.CompareOrdinal(json, i, Escape, 0, Escape.Length) == 0)
            {
                safe.Append("\\uFFFD");
                i += Escape.Length - 1;
            }
            else
            {
                // An escape of two characters; the second may itself be a backslash.
                safe.Append(json, i, 2);
                i++;
            }
        }

        return safe.ToString();
    }

    private static bool IsSafe(string text)
    {
        ReadOnlySpan<char> rest = text;
        return !rest.Contains('\0') && !rest.ContainsAnyInRange('\uD800', '\uDFFF');
    }
}
