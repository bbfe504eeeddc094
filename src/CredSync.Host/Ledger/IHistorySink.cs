using CredSync.Core.Rules;

namespace CredSync.Host.Ledger;

/// <summary>Takes what one part of a scan finds, in whatever order it is stored. One caller at a time.</summary>
internal interface IHistorySink
{
    /// <summary>Whether what belongs to somebody is wanted at all, so that the rest of it need not be read.</summary>
    bool Wants(Guid subject);

    /// <summary>Somebody whom the ledger knows.</summary>
    void AddPerson(Guid subject);

    /// <summary>A completion of somebody, as it is stored.</summary>
    /// <param name="subject">Under whose id it stands.</param>
    /// <param name="json">The stored text in UTF-8; not kept.</param>
    void AddCompletion(Guid subject, ReadOnlySpan<byte> json);

    /// <summary>An issuance; its key tells whose.</summary>
    /// <param name="issuance">The issuance.</param>
    /// <param name="isReviewed">Whether a review was opened about it.</param>
    void AddIssuance(in HeldIssuance issuance, bool isReviewed);
}
