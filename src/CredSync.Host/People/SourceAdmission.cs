using CredSync.Core.Configuration;
using CredSync.Host.Ledger;

namespace CredSync.Host.People;

/// <summary>Lets the new people of a source in that were held because they were too many: somebody says that they are people.</summary>
/// <param name="held">Matches what is held.</param>
internal sealed class SourceAdmission(HeldPeople held)
{
    /// <summary>Matches what is held of a source at once, and takes its new people without asking from now on until they are too many again; all of it with its act, or nothing.</summary>
    /// <param name="source">The source; it is configured.</param>
    /// <param name="configuration">The configuration in force.</param>
    /// <param name="who">Who says so.</param>
    /// <param name="why">Why.</param>
    /// <param name="ct">Cancels.</param>
    public Task<RematchCounts> AdmitAsync(string source, Configuration configuration, string who, string why, CancellationToken ct) => held.AdmitAsync(
        source,
        configuration,
        counts => new Act(who, "admit", source, why, $"{counts.Matched} of {counts.Looked} held completions have a person now; {counts.Planned} planned and {counts.Held} held by them"),
        ct);
}
