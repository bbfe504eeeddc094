namespace CredSync.Core.Rules;

/// <summary>A course key or a pattern in which <c>*</c> stands for any characters, also none. Everything else is literal; case matters.</summary>
internal sealed class CourseGlob
{
    private readonly string[] parts;

    public CourseGlob(string pattern)
    {
        Pattern = pattern;
        parts = pattern.Split('*');
    }

    public string Pattern { get; }

    public bool IsExact => parts.Length == 1;

    /// <summary>What every match begins with.</summary>
    public string Prefix => parts[0];

    public bool Matches(string text)
    {
        if (IsExact)
        {
            return text == Pattern;
        }

        string last = parts[^1];
        if (text.Length < Prefix.Length + last.Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        // Taking the first place for each part in between is enough: a later place leaves less room for the parts after it.
        ReadOnlySpan<char> rest = text.AsSpan(Prefix.Length, text.Length - Prefix.Length - last.Length);
        for (int i = 1; i < parts.Length - 1; i++)
        {
            int at = rest.IndexOf(parts[i], StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + parts[i].Length)..];
        }

        return true;
    }
}
