namespace CredSync.Host.RuleBooks;

/// <summary>Reads secrets by reference: <c>env:NAME</c> from the environment, <c>file:/path</c> from a file (without its last line break).</summary>
/// <param name="given">Values by reference that stand in for the real ones: the demo's play platforms. Empty in normal runs.</param>
internal sealed class SecretReader(IReadOnlyDictionary<string, string> given)
{
    /// <summary>The secret of a reference; its value is read when it is needed.</summary>
    public Secret Of(string reference) => new(reference, () => Read(reference));

    /// <summary>Whether the value of a reference can be read now; a sentence says why not.</summary>
    public string? Problem(string reference)
    {
        try
        {
            Read(reference);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private string Read(string reference)
    {
        if (given.TryGetValue(reference, out string? value))
        {
            return value;
        }

        if (reference.StartsWith("env:", StringComparison.Ordinal))
        {
            string name = reference[4..];
            return Environment.GetEnvironmentVariable(name) is { Length: > 0 } set
                ? set
                : throw new InvalidOperationException($"The environment variable {name} is not set; the configuration refers to it as {reference}.");
        }

        if (reference.StartsWith("file:", StringComparison.Ordinal))
        {
            string path = reference[5..];
            return File.Exists(path)
                ? File.ReadAllText(path).TrimEnd('\r', '\n')
                : throw new InvalidOperationException($"There is no file '{path}'; the configuration refers to it as {reference}.");
        }

        throw new InvalidOperationException($"'{reference}' is not a secret reference; write env:NAME or file:/path.");
    }
}
