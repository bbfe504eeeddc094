namespace CredSync.Core.Issuance;

/// <summary>
/// The identity of one right of one person to one credential: definition, person and occurrence. Derived from these alone, so the same
/// right has the same key whatever the rule book's revision, the order of arrival, or the number of times it is found.
/// </summary>
/// <param name="Definition">Id of the credential definition.</param>
/// <param name="Subject">Subject id of the person.</param>
/// <param name="Occurrence">Which time: <c>once</c>, or a year, a cohort, a renewal, as the definition's occurrence says. Never empty.</param>
public readonly record struct IssuanceKey(string Definition, Guid Subject, string Occurrence)
{
    // A fixed namespace of CredSync's own, so that issuance ids never collide with name-based ids made elsewhere.
    private static readonly Guid Space = new("6f1a6c1e-5a0b-5d3c-9f57-0c7e2f6b8a11");

    /// <summary>The id under which the issuance travels and is stored: UUID version 5 of the key.</summary>
    public Guid Id => NameBasedUuid.Create(Space, ToString());

    /// <summary><c>definition/subject/occurrence</c>.</summary>
    public override string ToString() => $"{Definition}/{Subject:D}/{Occurrence}";
}
