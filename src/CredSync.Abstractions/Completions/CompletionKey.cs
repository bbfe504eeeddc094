namespace CredSync.Completions;

/// <summary>
/// The identity of a completion as a fact: the source's configured name and the platform's own natural key.
/// The same fact always has the same key, however often and by whatever way (poll, webhook, replay) it arrives.
/// </summary>
/// <param name="Source">Name of the source as configured, for example <c>moodle-hr</c>.</param>
/// <param name="NaturalKey">The platform's own identity of the fact, for example Moodle's <c>1207|42|1</c> (user, course, attempt). Case matters.</param>
public readonly record struct CompletionKey(string Source, string NaturalKey)
{
    /// <summary>The form shown to people and accepted by commands: <c>source/natural-key</c>.</summary>
    public override string ToString() => $"{Source}/{NaturalKey}";
}
