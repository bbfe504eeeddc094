namespace CredSync.Issuers.OpenBadges;

// What is answered at the public address. Needs no keys.
internal sealed partial class OpenBadgesIssuer
{
    public async Task<PublicAnswer?> AnswerAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(records);
        string path = request.Path == OpenBadgesPaths.WellKnownDid ? OpenBadgesPaths.Did : request.Path;
        return path == OpenBadgesPaths.Did || path.StartsWith("/status/", StringComparison.Ordinal)
            ? await records.DocumentAsync(path, ct).ConfigureAwait(false) is { } kept ? new PublicAnswer { MediaType = kept.MediaType, Content = kept.Content, MaxAge = OpenBadgesStatusLists.TimeToLive } : null
            : null;
    }
}
