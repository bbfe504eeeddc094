namespace CredSync.OpenBadges.Rdf;

/// <summary>One statement of an RDF dataset.</summary>
internal readonly struct RdfQuad(RdfTerm subject, RdfTerm predicate, RdfTerm value, RdfTerm graph) : IEquatable<RdfQuad>
{
    public readonly RdfTerm Subject = subject;
    public readonly RdfTerm Predicate = predicate;
    public readonly RdfTerm Object = value;
    public readonly RdfTerm Graph = graph;

    public bool Equals(RdfQuad other) =>
        Object.Is(other.Object) && Subject.Is(other.Subject) && Predicate.Is(other.Predicate) && Graph.Is(other.Graph);

    public override bool Equals(object? obj) => obj is RdfQuad other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        Subject.AddTo(ref hash);
        Predicate.AddTo(ref hash);
        Object.AddTo(ref hash);
        Graph.AddTo(ref hash);
        return hash.ToHashCode();
    }
}
