namespace CredSync;

/// <summary>
/// A secret that configuration names by reference (<c>env:NAME</c> or <c>file:/run/secrets/x</c>). The value is read each time
/// it is needed, so a rotated file takes effect without a restart, and it never shows in <see cref="ToString"/>, JSON or logs.
/// </summary>
public sealed class Secret
{
    private readonly Func<string> read;

    /// <summary>Creates a secret.</summary>
    /// <param name="reference">Where it comes from, for example <c>env:MOODLE_TOKEN</c>. Shown to operators; must not be the value.</param>
    /// <param name="read">Reads the value now. Throws <see cref="AdapterException"/>-free, ordinary exceptions when it cannot.</param>
    public Secret(string reference, Func<string> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reference);
        ArgumentNullException.ThrowIfNull(read);
        Reference = reference;
        this.read = read;
    }

    /// <summary>Where the secret comes from, for example <c>env:MOODLE_TOKEN</c>.</summary>
    public string Reference { get; }

    /// <summary>Reads the value. Keep it in a local for as short as possible; never store or log it.</summary>
    public string Reveal() => read();

    /// <summary>The reference, never the value.</summary>
    public override string ToString() => Reference;
}
