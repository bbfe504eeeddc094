using CredSync.Host.Storage;

namespace CredSync.Host.Ledger;

/// <summary>What the hooks need: deliveries stored before they are answered, claimed, taken in with what they mean, kept for replay.</summary>
internal interface IDeliveryLedger
{
    /// <summary>Stores deliveries; one whose source and id are there already is left as it is.</summary>
    /// <returns>How many were new.</returns>
    Task<int> StoreDeliveriesAsync(IReadOnlyList<DeliveryRow> deliveries, CancellationToken ct);

    /// <summary>Claims waiting deliveries of a source that are due, oldest first; a claim that is not ended lapses.</summary>
    Task<IReadOnlyList<ClaimedDelivery>> ClaimDeliveriesAsync(string source, LeaseOwner owner, int limit, TimeSpan lease, CancellationToken ct);

    /// <summary>Gives back the claims of processes of this machine that are no more.</summary>
    Task ReleaseDeadClaimsAsync(LeaseOwner self, CancellationToken ct);

    /// <summary>Ends claims that were not taken: to be tried again later, or set aside.</summary>
    Task EndDeliveriesAsync(LeaseOwner owner, IReadOnlyList<DeliveryEnd> ends, CancellationToken ct);

    /// <summary>Stored deliveries in the order of their arrival.</summary>
    Task<IReadOnlyList<DeliveryLine>> DeliveriesAsync(DeliveryFilter filter, int limit, CancellationToken ct);

    /// <summary>Lets deliveries wait again, so that they are taken once more. What they mean is compared with what is known, so nothing is issued twice.</summary>
    /// <returns>How many wait now that did not.</returns>
    Task<int> ReplayAsync(IReadOnlyCollection<long> numbers, CancellationToken ct);

    /// <summary>Removes deliveries of a source that were done before a time.</summary>
    /// <returns>How many.</returns>
    Task<int> DropDeliveriesAsync(string source, DateTimeOffset doneBefore, CancellationToken ct);

    /// <summary>How many wait and how many are set aside, by source.</summary>
    Task<IReadOnlyList<DeliveryCount>> CountDeliveriesAsync(CancellationToken ct);
}
