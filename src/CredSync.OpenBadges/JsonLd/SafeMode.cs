namespace CredSync.OpenBadges.JsonLd;

/// <summary>
/// What plain JSON-LD ignores silently, and what it lets one say in several ways. For credentials each of these is an error: what is ignored is not signed and
/// could be changed unseen, and what is said in another way (<c>validUntil</c> by its IRI) keeps its signature but is lost on whoever reads the JSON.
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

    /// <summary>A property under another name than the contexts protect for it: by its IRI, by a keyword, or by an alias that a context of the document adds.</summary>
    /// <param name="key">The property as it is written.</param>
    /// <param name="term">How its definition reads; null when there is none.</param>
    /// <param name="name">What it expands to.</param>
    /// <param name="context">The context there.</param>
    public void Alias(string key, TermDefinition? term, string name, ActiveContext context)
    {
        if (!active || term is { IsProtected: true } || !context.TryGetProtectedName(name, out string? proper)) return;
        throw new JsonLdException("other spelling", $"The property \"{key}\" is another spelling of \"{proper}\", which readers of the JSON would not see; write it as \"{proper}\".");
    }

    /// <summary>A form that means the same as a plainer one, so that what a signature covers could be moved where readers of the JSON do not look.</summary>
    public void Roundabout(string what)
    {
        if (!active) return;
        throw new JsonLdException("other spelling", $"The document uses {what}, which readers of the JSON would not see; write it plainly.");
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
