using System.Security.Cryptography;

namespace CredSync.OpenBadges.Rdf;

/// <summary>One statement of an RDF dataset.</summary>
internal readonly struct RdfQuad(RdfTerm subject, RdfTerm predicate, RdfTerm value, RdfTerm graph) : IEquatable<RdfQuad>
{
    // Another one in each process, so that nobody can write a document whose statements all collide.
    private static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public readonly RdfTerm Subject = subject;
    public readonly RdfTerm Predicate = predicate;
    public readonly RdfTerm Object = value;
    public readonly RdfTerm Graph = graph;

    public bool Equals(RdfQuad other) =>
        Object.Is(other.Object) && Subject.Is(other.Subject) && Predicate.Is(other.Predicate) && Graph.Is(other.Graph);

    public override bool Equals(object? obj) => obj is RdfQuad other && Equals(other);

    public override int GetHashCode()
    {
        long hash = Graph.Hash(Object.Hash(Predicate.Hash(Subject.Hash(Seed))));
        return (int)(hash ^ (hash >> 32));
    }
}
