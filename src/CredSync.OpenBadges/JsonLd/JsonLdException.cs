namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// A document is not JSON-LD that can be signed or verified. The message names the term, property or context that is at fault, never a value.
/// </summary>
public sealed class JsonLdException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The error code of the JSON-LD 1.1 API (section 9.6.1), or one of the safe mode: <c>undefined term</c>, <c>relative reference</c>, <c>dropped value</c>, <c>unknown context</c>.</param>
    /// <param name="sentence">What is wrong and what to do.</param>
    /// <param name="inner">The cause; null when there is none.</param>
    public JsonLdException(string code, string sentence, Exception? inner = null)
        : base(sentence, inner) => Code = code;

    /// <summary>The error code; see the constructor.</summary>
    public string Code { get; }
}
