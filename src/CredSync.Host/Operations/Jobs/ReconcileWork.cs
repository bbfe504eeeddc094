using System.Globalization;
using CredSync.Host.Issue;
using CredSync.Host.Ledger.Operators;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Jobs;

/// <summary>
/// Compares the ledger with an issuer, and writes down what is missing there, missing here, or differs; changes nothing. An issuer that can list is listed once; one
/// that can only be asked is asked line by line; one that signs here is compared with the journal.
/// </summary>
internal sealed class ReconcileWork(OperatorLedger ledger, IssuerRegistry issuers, IIssueJournal journal) : IJobWork
{
    private const string Listing = "list";
    private const string Issued = "issued";
    private const string Open = "open";
    private const string Rest = "rest";

    public IReadOnlyList<string> Kinds { get; } = ["reconcile"];

    public async Task<JobStep> StepAsync(JobLine job, int count, CancellationToken ct)
    {
        if (!issuers.All.TryGetValue(job.Wish.Issuer!, out ICredentialIssuer? issuer))
        {
            return new JobStep { Stops = $"No issuer is called '{job.Wish.Issuer}' in this worker's configuration." };
        }

        (ICredentialLister? lister, ICredentialLookup? lookup) = (Lister(issuer, job.Wish.Issuer!), issuer as ICredentialLookup);
        string place = string.IsNullOrEmpty(job.Place) ? lister is null ? $"{Issued}:" : $"{Listing}:" : job.Place;
        int colon = place.IndexOf(':', StringComparison.Ordinal);
        string? after = colon == place.Length - 1 ? null : place[(colon + 1)..];
        try
        {
            return place[..colon] switch
            {
                Listing => await ListAsync(lister!, after, ct).ConfigureAwait(false),
                Issued => await CompareAsync(job, lister is not null, lookup, after, count, ct).ConfigureAwait(false),
                Open => await LookForOpenAsync(job, lister is not null, lookup, after, count, ct).ConfigureAwait(false),
                _ => await RestAsync(job, after, ct).ConfigureAwait(false),
            };
        }
        catch (IssuerException e) when (e.Kind is FaultKind.Outage or FaultKind.RateLimited)
        {
            return new JobStep { Waits = e.Message };
        }
        catch (IssuerException e)
        {
            return new JobStep { Stops = e.Message };
        }
    }

    /// <summary>How an issuer is compared, in words.</summary>
    public static string WayOf(ICredentialIssuer issuer) => issuer is ICredentialLister ? "its list" : issuer is ICredentialLookup ? "one by one" : "the journal";

    private ICredentialLister? Lister(ICredentialIssuer issuer, string name) => issuer as ICredentialLister ?? (issuer is ICredentialLookup ? null : new JournalList(journal, name));

    private static async Task<JobStep> ListAsync(ICredentialLister lister, string? after, CancellationToken ct)
    {
        CredentialPage page = await lister.ListAsync(after, ct).ConfigureAwait(false);
        return new JobStep { Place = page.Next is null ? $"{Issued}:" : $"{Listing}:{page.Next}", Listed = page.Credentials };
    }

    private async Task<JobStep> CompareAsync(JobLine job, bool listed, ICredentialLookup? lookup, string? after, int count, CancellationToken ct)
    {
        IReadOnlyList<ComparedLine> lines = await ledger.ComparedLinesAsync(job.Wish.Issuer!, open: false, Id(after), count, ct).ConfigureAwait(false);
        if (lines.Count == 0)
        {
            return new JobStep { Place = $"{Open}:" };
        }

        var found = new List<JobChange>();
        var met = new List<string>();
        IReadOnlyDictionary<string, ListedLine> there = listed ? await ledger.ListedAsync(job.Id, [.. lines.Select(l => l.CredentialId).OfType<string>()], ct).ConfigureAwait(false) : new Dictionary<string, ListedLine>();
        foreach (ComparedLine line in lines)
        {
            if (!listed)
            {
                found.AddRange(await AskAsync(job, lookup!, line, ct).ConfigureAwait(false));
            }
            else if (line.CredentialId is not null && there.TryGetValue(line.CredentialId, out ListedLine? same))
            {
                met.Add(same.CredentialId);
                found.AddRange(Revoked(job, line, same));
            }
            else
            {
                found.AddRange(await MissingAsync(job, line, met, ct).ConfigureAwait(false));
            }
        }

        return new JobStep { Place = $"{Issued}:{lines[^1].Id}", Succeeded = lines.Count, Items = Math.Max(job.Items, job.Taken + lines.Count), Found = found, Met = met };
    }

    // What was issued after the comparison began need not be in the list yet.
    private async Task<IEnumerable<JobChange>> MissingAsync(JobLine job, ComparedLine line, List<string> met, CancellationToken ct)
    {
        if ((await ledger.ListedForAsync(job.Id, line.Request, ct).ConfigureAwait(false)).FirstOrDefault(l => !l.IsRevoked) is { } other)
        {
            met.Add(other.CredentialId);
            return [Difference(job, line, "take-over", "differs", other.CredentialId, $"The ledger has {line.CredentialId}, the issuer {other.CredentialId}.") with { PublicUrl = other.PublicUrl }];
        }

        return line.OutcomeAt >= job.At || line.IsRevoked ? [] : [Difference(job, line, "issue-again", "missing-there", line.CredentialId, $"The ledger has {line.CredentialId}, and the issuer does not list it.")];
    }

    private static IEnumerable<JobChange> Revoked(JobLine job, ComparedLine line, ListedLine there) => (there.IsRevoked, line.IsRevoked) switch
    {
        (true, false) => [Difference(job, line, "note-revoked", "differs", line.CredentialId, $"The issuer has taken {line.CredentialId} back, and the ledger has it as issued.")],
        (false, true) => [Difference(job, line, "look", "differs", line.CredentialId, $"The ledger has {line.CredentialId} as revoked, and at the issuer it is valid: revoke it there by hand.")],
        _ => [],
    };

    private static async Task<IEnumerable<JobChange>> AskAsync(JobLine job, ICredentialLookup lookup, ComparedLine line, CancellationToken ct)
    {
        if (line.IsRevoked)
        {
            return [];
        }

        try
        {
            IssuedCredential? there = await lookup.FindAsync(line.Request, ct).ConfigureAwait(false);
            return there is null ? (line.OutcomeAt >= job.At ? [] : [Difference(job, line, "issue-again", "missing-there", line.CredentialId, $"The ledger has {line.CredentialId}, and the issuer has none.")])
                : there.CredentialId != line.CredentialId ? [Difference(job, line, "take-over", "differs", there.CredentialId, $"The ledger has {line.CredentialId}, the issuer {there.CredentialId}.") with { PublicUrl = there.PublicUrl }]
                : [];
        }
        catch (IssuerException e) when (e.Kind is not (FaultKind.Outage or FaultKind.RateLimited or FaultKind.Unauthorized or FaultKind.Misconfigured))
        {
            return [Difference(job, line, "look", "cannot-say", line.CredentialId, e.Message)];
        }
    }

    // What was asked for and has no credential here may have one there.
    private async Task<JobStep> LookForOpenAsync(JobLine job, bool listed, ICredentialLookup? lookup, string? after, int count, CancellationToken ct)
    {
        IReadOnlyList<ComparedLine> lines = await ledger.ComparedLinesAsync(job.Wish.Issuer!, open: true, Id(after), count, ct).ConfigureAwait(false);
        if (lines.Count == 0)
        {
            return listed ? new JobStep { Place = $"{Rest}:" } : new JobStep { Items = job.Taken, IsLast = true };
        }

        var found = new List<JobChange>();
        var met = new List<string>();
        foreach (ComparedLine line in lines)
        {
            if (listed && (await ledger.ListedForAsync(job.Id, line.Request, ct).ConfigureAwait(false)).FirstOrDefault(l => !l.IsRevoked) is { } there)
            {
                met.Add(there.CredentialId);
                found.Add(MissingHere(job, line, there.CredentialId, there.PublicUrl));
            }
            else if (lookup is not null && await FindAsync(lookup, line, ct).ConfigureAwait(false) is { } credential)
            {
                met.Add(credential.CredentialId);
                found.Add(MissingHere(job, line, credential.CredentialId, credential.PublicUrl));
            }
        }

        return new JobStep { Place = $"{Open}:{lines[^1].Id}", Succeeded = lines.Count, Items = Math.Max(job.Items, job.Taken + lines.Count), Found = found, Met = met };
    }

    private static async Task<IssuedCredential?> FindAsync(ICredentialLookup lookup, ComparedLine line, CancellationToken ct)
    {
        try
        {
            return await lookup.FindAsync(line.Request, ct).ConfigureAwait(false);
        }
        catch (IssuerException e) when (e.Kind is not (FaultKind.Outage or FaultKind.RateLimited or FaultKind.Unauthorized or FaultKind.Misconfigured))
        {
            // It waits for a person already, with that sentence or a better one.
            return null;
        }
    }

    // What the issuer has and no line of the ledger: made by hand there, by another installation, or lost here.
    private async Task<JobStep> RestAsync(JobLine job, string? after, CancellationToken ct)
    {
        const int PageSize = 200;
        IReadOnlyList<ListedLine> left = await ledger.ListedLeftAsync(job.Id, after, PageSize, ct).ConfigureAwait(false);
        if (left.Count == 0)
        {
            return new JobStep { Items = job.Taken, IsLast = true };
        }

        IReadOnlySet<string> meanwhile = await ledger.IssuedSinceAsync(job.Wish.Issuer!, job.At.AddMinutes(-1), [.. left.Select(l => l.CredentialId)], ct).ConfigureAwait(false);
        var found = new List<JobChange>();
        foreach (ListedLine line in left.Where(l => !l.IsRevoked && !meanwhile.Contains(l.CredentialId)))
        {
            string state = line.Issuance is { } id && await ledger.ComparedLineAsync(id, ct).ConfigureAwait(false) is { } known
                ? $"The issuer has {line.CredentialId} for issuance {known.Id}, which is {known.State.ToLowerInvariant()} here; it settles when its outcome comes."
                : $"The issuer has {line.CredentialId}, and the ledger knows nothing of it: it was made by hand, by another installation, or its completion was lost here; read the source again, or revoke it there.";
            found.Add(new JobChange
            {
                Act = "look", Cause = "missing-here", Issuer = job.Wish.Issuer!, Issuance = line.Issuance, Subject = line.Subject, CredentialId = line.CredentialId, PublicUrl = line.PublicUrl,
                EarnedAt = line.EarnedAt, Sentence = state,
            });
        }

        return new JobStep { Place = $"{Rest}:{left[^1].CredentialId}", Found = found };
    }

    private static JobChange MissingHere(JobLine job, ComparedLine line, string credential, string? url) =>
        Difference(job, line, "take-over", "missing-here", credential, $"The issuer has {credential}, and here the issuance is {line.State.ToLowerInvariant()} without one.") with { PublicUrl = url };

    private static JobChange Difference(JobLine job, ComparedLine line, string act, string cause, string? credential, string sentence) => new()
    {
        Act = act, Cause = cause, Issuer = job.Wish.Issuer!, Issuance = line.Id, Definition = line.Definition, Subject = line.Request.Recipient.SubjectId, EarnedAt = line.Request.Award.EarnedAt,
        CredentialId = credential, Sentence = sentence,
    };

    private static Guid? Id(string? after) => after is null ? null : Guid.Parse(after, CultureInfo.InvariantCulture);
}
