namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// What plain JSON-LD ignores silently. For credentials each of these is an error, because what is ignored is not signed and could be
/// changed unseen.
/// </summary>
internal sealed class SafeMode(bool active)
{
    public void UndefinedTerm(string term)
    {
        if (!active) return;
        throw new JsonLdException("undefined term", $"The property \"{term}\" is not defined by the document's contexts; add the context that defines it, or remove the property.");
    }

    public void UndefinedType(string type)
    {
        if (!active) return;
        throw new JsonLdException("undefined term", $"The type \"{type}\" is not defined by the document's contexts; add the context that defines it.");
    }

    public void Relative(string where)
    {
        if (!active) return;
        throw new JsonLdException("relative reference", $"The {where} is not an absolute IRI; write it in full.");
    }

    public void Dropped(string what)
    {
        if (!active) return;
        throw new JsonLdException("dropped value", $"The document holds {what}, which would not be signed; remove it.");
    }

    /// <summary>A text that has the form of a keyword: an error in safe mode, otherwise a name that RDF cannot write.</summary>
    public Iri Reserved(string text)
    {
        if (!active) return new Iri(text);
        throw new JsonLdException("undefined term", $"The term \"{text}\" is reserved for later versions of JSON-LD; remove it.");
    }
}
