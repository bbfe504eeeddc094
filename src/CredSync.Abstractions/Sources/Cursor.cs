namespace CredSync.Sources;

/// <summary>
/// Where a source goes on reading. Its text is the source's own, with a version inside; the host stores it with the page it
/// follows and hands it back unchanged. At most <see cref="MaxLength"/> characters.
/// </summary>
public readonly record struct Cursor
{
    /// <summary>The longest allowed text, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>Creates a cursor.</summary>
    /// <param name="value">The source's own text; 1 to <see cref="MaxLength"/> characters.</param>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    public Cursor(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Length > MaxLength)
        {
            throw new ArgumentException($"A cursor holds at most {MaxLength} characters, this one {value.Length}.", nameof(value));
        }

        Value = value;
    }

    /// <summary>The source's own text.</summary>
    public string Value { get; }

    /// <summary>The source's own text.</summary>
    public override string ToString() => Value ?? "";
}
