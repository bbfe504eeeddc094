using System.Collections.Concurrent;
using System.Diagnostics;
using CredSync.Core.Polling;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using CredSync.Issuers;
using CredSync.Messages;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Issue;

/// <summary>
/// Mints what the messages ask for, each issuance id at most once in effect: opens the journal, asks the issuer, closes the journal. One that fails never harms
/// its neighbours in the batch. The result is a message to publish.
/// </summary>
internal sealed class IssueDesk(IIssueJournal journal, IssuerRegistry issuers, CredentialFiles files, DocumentPublishing publishing, TimeProvider time, ILogger<IssueDesk> logger)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    // How long a mint whose outcome is unknown may still be under way at its issuer: no look-up before this proves that there is nothing.
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(30);

    // What this worker has in hand at this moment: a copy of such a message is dropped, its answer is on its way.
    private readonly ConcurrentDictionary<Guid, bool> inHand = new();

    // What an issuer was asked for, when last, and the journal does not know the end of: only these are in doubt among the lines that this worker began.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> asked = new();

    /// <summary>Handles a batch.</summary>
    /// <returns>A <see cref="CredentialIssued"/> or <see cref="CredentialRefused"/> for each message, except for copies of what this worker has in hand.</returns>
    public async Task<IReadOnlyList<object>> HandleAsync(IReadOnlyList<IssueCredential> commands, CancellationToken ct)
    {
        // The same id twice, in one batch or in two at once, is one piece of work.
        List<IssueCredential> own = [.. commands.Where(c => inHand.TryAdd(c.IssuanceId, true))];
        try
        {
            return await HandleOwnAsync(own, ct).ConfigureAwait(false);
        }
        finally
        {
            own.ForEach(c => inHand.TryRemove(c.IssuanceId, out _));
        }
    }

    private async Task<IReadOnlyList<object>> HandleOwnAsync(List<IssueCredential> distinct, CancellationToken ct)
    {
        IReadOnlyList<JournalOpening> openings = await journal.BeginAsync([.. distinct.Select(Request)], Lease, ct).ConfigureAwait(false);

        // A slow issuer must not be asked for a line whose lease another worker may take over: what is left by then comes again.
        DateTimeOffset stop = time.GetUtcNow() + (Lease / 2);
        var answers = new List<object>(distinct.Count);
        var finished = new List<Minted>(distinct.Count);
        var failures = new List<JournalFailure>();
        foreach ((IssueCredential command, JournalOpening opening) in distinct.Zip(openings))
        {
            switch (opening.State)
            {
                case JournalState.Busy:
                    Log.AnotherWorkerIsMinting(logger, command.IssuanceId);
                    answers.Add(Later(command, opening));
                    break;
                case JournalState.Finished:
                    Meters.DuplicatePrevented(command.Issuer);
                    files.Write(command.Credential.Id, command.IssuanceId, opening.Credential!);
                    answers.Add(Issued(command, opening.Credential!));
                    break;
                case var _ when MayBeUnderWay(command) is { } until:
                    answers.Add(Later(command, opening with { BusyUntil = until }));
                    break;
                default:
                    if (time.GetUtcNow() >= stop)
                    {
                        PutBack(command, opening, failures, answers);
                        break;
                    }

                    await MintAsync(command, opening, finished, failures, answers, ct).ConfigureAwait(false);
                    break;
            }

            if (ct.IsCancellationRequested)
            {
                failures.AddRange(distinct.Zip(openings).SkipWhile(p => p.First != command).Skip(1).Where(p => p.Second.State == JournalState.Begun)
                    .Select(p => new JournalFailure(p.First.IssuanceId, InDoubt: false, "worker-stopped", "The worker stopped before the issuer was asked.")));
                break;
            }
        }

        // A worker that stops still tells the journal what it minted, for a short while; the rest of the message goes back to its queue.
        using var patience = new CancellationTokenSource(StopPatience, time);
        CancellationToken closing = ct.IsCancellationRequested ? patience.Token : ct;
        if (failures.Count > 0)
        {
            await CloseAsync(() => journal.FailAsync(failures, closing), failures.Select(f => f.Issuance), closing).ConfigureAwait(false);
        }

        if (finished.Count > 0)
        {
            IReadOnlyDictionary<Guid, IssuedCredential?> theirs = new Dictionary<Guid, IssuedCredential?>();
            await CloseAsync(async () => theirs = await journal.FinishAsync([.. finished.Select(f => f.ToFinish())], closing).ConfigureAwait(false), finished.Select(f => f.Command.IssuanceId), closing).ConfigureAwait(false);

            publishing.Notify();

            // After the journal and before the answer: a crash in between repeats the message, which finds the journal finished and writes the files then.
            foreach (Minted minted in finished)
            {
                IssueCredential command = minted.Command;

                // Where another worker was first, what it stored is the credential; ours was seen by nobody.
                if (!theirs.TryGetValue(command.IssuanceId, out IssuedCredential? credential))
                {
                    credential = minted.Credential;
                }

                if (credential is null)
                {
                    answers.Add(Later(command, minted.Opening));
                    continue;
                }

                files.Write(command.Credential.Id, command.IssuanceId, credential);
                answers.Add(Issued(command, credential));
            }
        }

        ct.ThrowIfCancellationRequested();
        return answers;
    }

    // What an issuer answered is only in this worker's memory now: a journal that is away is waited for, not given up.
    private async Task CloseAsync(Func<Task> close, IEnumerable<Guid> issuances, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await close().ConfigureAwait(false);
                break;
            }
            catch (StorageException e)
            {
                Log.JournalAway(logger, e.Message);
                await Task.Delay(Between, time, ct).ConfigureAwait(false);
            }
        }

        foreach (Guid issuance in issuances)
        {
            asked.TryRemove(issuance, out _);
        }
    }

    private async Task MintAsync(
        IssueCredential command,
        JournalOpening opening,
        List<Minted> finished,
        List<JournalFailure> failures,
        List<object> answers,
        CancellationToken ct)
    {
        // Until the issuer was called nothing can have been minted; from then on only an answer settles it.
        bool unfinished = IsUnfinished(command, opening);
        bool wasAsked = unfinished;
        bool repeatsSafely = false;
        using Activity? step = AwardTrace.Begin("issue", command.IssuanceId, command.Issuer);
        bool canBeAsked = false;
        try
        {
            ICredentialIssuer issuer = issuers.Find(command.Issuer);
            canBeAsked = issuer is ICredentialLookup;
            repeatsSafely = issuer.Capabilities.RepeatsSafely;
            var request = new IssuanceRequest
            {
                IssuanceId = command.IssuanceId,
                Credential = command.Credential,
                Recipient = command.Recipient,
                Award = command.Award,
                IssuedAt = opening.IssuedAt,
                StatusNumber = opening.StatusNumber,
            };
            IssuedCredential? credential = null;
            if (unfinished && !repeatsSafely)
            {
                if (issuer is not ICredentialLookup lookup)
                {
                    throw new IssuerException(
                        FaultKind.InDoubt,
                        "in-doubt",
                        $"An earlier attempt at issuer '{command.Issuer}' began and did not finish, and this issuer cannot be asked whether it minted; look there for issuance {command.IssuanceId}, then settle it by hand.");
                }

                credential = await lookup.FindAsync(request, ct).ConfigureAwait(false);
                wasAsked = false;
            }

            if (credential is null)
            {
                wasAsked = true;
                asked[command.IssuanceId] = time.GetUtcNow();
                credential = await issuer.IssueAsync(request, ct).ConfigureAwait(false);
                Meters.IssuerCalled(command.Issuer, "issued");
            }

            finished.Add(new Minted(command, opening, credential));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping: whether this one was minted is seen from its open line when the message comes again. Its request may still be on its way.
            if (asked.ContainsKey(command.IssuanceId))
            {
                asked[command.IssuanceId] = time.GetUtcNow();
            }
        }
        catch (IssuerException e)
        {
            step?.SetStatus(ActivityStatusCode.Error, e.Cause);
            Meters.IssuerCalled(command.Issuer, e.Kind.ToString().ToLowerInvariant());

            // What an earlier attempt left open is still open when the look-up itself failed, whatever kind of fault that was.
            bool inDoubt = e.Kind == FaultKind.InDoubt || (unfinished && wasAsked && !repeatsSafely);
            Refuse(command, inDoubt, canBeAsked, e.Kind, e.Cause, e.Message, e.RetryAfter, failures, answers);
        }
        catch (Exception e)
        {
            // An adapter that throws anything else is a defect; what it did before is unknown unless repeating is harmless.
            Log.IssuerDefect(logger, command.Issuer, command.IssuanceId, e);
            bool inDoubt = wasAsked && !repeatsSafely;
            Refuse(command, inDoubt, canBeAsked, inDoubt ? FaultKind.InDoubt : FaultKind.Rejected, "issuer-defect", $"Issuer '{command.Issuer}' failed in an unforeseen way ({e.GetType().Name}); report it to its author with the log of this moment.", null, failures, answers);
        }
    }

    // A request whose answer was not heard may reach the issuer after a look-up that came too soon: only what has had time to arrive is looked up.
    private JournalRequest Request(IssueCredential command) => issuers.All.TryGetValue(command.Issuer, out ICredentialIssuer? issuer)
        ? new JournalRequest(command.IssuanceId, command.Issuer, issuer.Capabilities.StatusNumbers) { NeedsLine = !issuer.Capabilities.LeavesNoTrace, UnderWay = issuer is ICredentialLookup && !issuer.Capabilities.RepeatsSafely ? UnderWay : TimeSpan.Zero }
        : new JournalRequest(command.IssuanceId, command.Issuer);

    // Asked by this worker, which did not hear the end: a look-up that came before the request would find nothing.
    private DateTimeOffset? MayBeUnderWay(IssueCredential command) =>
        asked.TryGetValue(command.IssuanceId, out DateTimeOffset at) && at + Request(command).UnderWay is var until && until > time.GetUtcNow() ? until : null;

    private bool IsUnfinished(IssueCredential command, JournalOpening opening) =>
        opening.State == JournalState.Unfinished || (opening.State == JournalState.BegunHere && asked.ContainsKey(command.IssuanceId));

    private void PutBack(IssueCredential command, JournalOpening opening, List<JournalFailure> failures, List<object> answers) => Refuse(
        command, IsUnfinished(command, opening), canBeAsked: false, FaultKind.Outage, "issuer-slow",
        $"Issuer '{command.Issuer}' was too slow for this one to have its turn; it is taken up again at once.", Between, failures, answers);

    private void Refuse(
        IssueCredential command, bool inDoubt, bool canBeAsked, FaultKind kind, string cause, string reason, TimeSpan? retryAfter, List<JournalFailure> failures, List<object> answers)
    {
        failures.Add(new JournalFailure(command.IssuanceId, inDoubt, cause, reason));

        // The journal keeps the doubt. An issuer that can be asked settles it without a person: the ledger sends again later, and the look-up answers.
        FaultKind told = (inDoubt, canBeAsked, FaultPolicy.ActionFor(kind)) switch
        {
            (true, true, FaultAction.Hold) => FaultKind.Outage,
            (true, _, FaultAction.Park) => FaultKind.InDoubt,
            _ => kind,
        };
        if (told == FaultKind.Outage && kind == FaultKind.InDoubt)
        {
            retryAfter = retryAfter > UnderWay ? retryAfter : UnderWay;
        }

        answers.Add(new CredentialRefused
        {
            IssuanceId = command.IssuanceId,
            Issuer = command.Issuer,
            Kind = told,
            Cause = cause,
            Reason = reason,
            RefusedAt = time.GetUtcNow(),
            RetryAfter = retryAfter,
        });
    }

    // Most likely the other's answer comes first, and this one then changes nothing; but should the other have died, this is how the ledger asks again in time.
    private CredentialRefused Later(IssueCredential command, JournalOpening opening)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new CredentialRefused
        {
            IssuanceId = command.IssuanceId,
            Issuer = command.Issuer,
            Kind = FaultKind.Outage,
            Cause = "another-worker-mints",
            Reason = "Another worker began to mint this credential; should it have died, it is looked at again when its lease is over.",
            RefusedAt = now,
            RetryAfter = (opening.BusyUntil is { } until && until > now ? until - now : TimeSpan.Zero) + TimeSpan.FromSeconds(1),
        };
    }

    private static CredentialIssued Issued(IssueCredential command, IssuedCredential credential) => new()
    {
        IssuanceId = command.IssuanceId,
        Issuer = command.Issuer,
        CredentialId = credential.CredentialId,
        IssuedAt = credential.IssuedAt,
        PublicUrl = credential.PublicUrl,
    };

    private sealed record Minted(IssueCredential Command, JournalOpening Opening, IssuedCredential Credential)
    {
        public JournalFinish ToFinish() => new(Command.IssuanceId, Credential) { NewLineOf = Opening.HasLine ? null : Command.Issuer, StatusNumber = Opening.StatusNumber };
    }
}
