using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Edx;

/// <summary>Reads a page of one run's learners: asks for the certificates of those whose state may have changed.</summary>
internal sealed class EdxRunReader(SourceIdentity source, EdxClient client, EdxOptions options, string run, int sweep)
{
    /// <summary>Reads a page.</summary>
    /// <param name="grades">The grades.</param>
    /// <param name="known">What the ledger knows.</param>
    /// <param name="next">The cursor after the page.</param>
    /// <param name="ct">Cancels the calls.</param>
    public async Task<SourcePage> ReadAsync(EdxGradePage grades, IKnownCompletions known, Cursor next, CancellationToken ct)
    {
        EdxGrade?[] rows = [.. grades.Results!.Select(Row)];
        HashSet<string> keys = [.. rows.OfType<EdxGrade>().Select(row => EdxMapping.KeyOf(row.UserName!, run))];
        Dictionary<string, KnownCompletion> byKey = (await known.OfKeysAsync(keys, ct).ConfigureAwait(false)).ToDictionary(completion => completion.NaturalKey);
        (Completion? Completion, UnreadableRecord? Unreadable)[] readings = new (Completion?, UnreadableRecord?)[rows.Length];
        await Parallel.ForAsync(0, readings.Length, new ParallelOptions { MaxDegreeOfParallelism = options.ConcurrentCalls, CancellationToken = ct }, async (index, token) =>
        {
            readings[index] = rows[index] is { } grade
                ? await ReadAsync(grade, byKey.TryGetValue(EdxMapping.KeyOf(grade.UserName!, run), out KnownCompletion found) ? found : null, token).ConfigureAwait(false)
                : (null, new UnreadableRecord(run, "row-malformed", $"A row among the grades of {run} has no username or fields of another kind: ask the site's administrator which plugin changes it."));
        }).ConfigureAwait(false);
        return new SourcePage
        {
            Completions = [.. readings.Select(reading => reading.Completion).OfType<Completion>()],
            Unreadable = [.. readings.Select(reading => reading.Unreadable).OfType<UnreadableRecord>()],
            Next = next,
        };
    }

    /// <summary>A row among the grades; null when it cannot be read.</summary>
    public static EdxGrade? Row(JsonElement element)
    {
        try
        {
            return element.Deserialize<EdxGrade>(Tolerant.Json) is { UserName.Length: > 0 } grade ? grade : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<(Completion?, UnreadableRecord?)> ReadAsync(EdxGrade grade, KnownCompletion? known, CancellationToken ct)
    {
        bool knownComplete = known?.Status == CompletionStatus.Completed;
        // Everyone who passed and is not known to be complete is asked each time; the others in slices: a certificate may be taken back, and a learner
        // on the allow-list holds one without a passing grade.
        if ((knownComplete || !grade.Passed) && Slice(grade.UserName!) != sweep % options.ReverifySlices)
        {
            return default;
        }

        return await LookAsync(grade, known, ct).ConfigureAwait(false);
    }

    /// <summary>Asks for one learner's certificate and compares it with what is known.</summary>
    /// <param name="grade">The learner's row among the grades.</param>
    /// <param name="known">What is known; null for nothing.</param>
    /// <param name="ct">Cancels the calls.</param>
    public async Task<(Completion? Completion, UnreadableRecord? Unreadable)> LookAsync(EdxGrade grade, KnownCompletion? known, CancellationToken ct)
    {
        bool knownComplete = known?.Status == CompletionStatus.Completed;
        EdxCertificate? certificate = await client.GetCertificateAsync(grade.UserName!, run, ct).ConfigureAwait(false);
        (CompletionStatus Status, string? Reason)? state = certificate is null ? null : EdxMapping.StateOf(certificate);
        if (certificate?.Status == EdxCertificate.Hidden)
        {
            // Says nothing of anybody: what is known stays, and who passed waits.
            return (null, grade.Passed && !knownComplete ? Hidden() : null);
        }

        if (state is null)
        {
            return (null, knownComplete ? Vanished(grade) : grade.Passed && certificate is null ? WithoutDate(grade) : null);
        }

        if (state.Value.Status != CompletionStatus.Completed)
        {
            return knownComplete ? await TakenBackAsync(grade, state.Value.Status, ct).ConfigureAwait(false) : default;
        }

        return certificate!.CreatedDate is null
            ? (null, knownComplete ? null : Undated(grade))
            : (await MapAsync(grade, certificate, known is not null, ct).ConfigureAwait(false), null);
    }

    /// <summary>A certificate that was taken back is asked for once more before it is believed (source-apis.md section 6.5).</summary>
    private async Task<(Completion?, UnreadableRecord?)> TakenBackAsync(EdxGrade grade, CompletionStatus status, CancellationToken ct)
    {
        EdxCertificate? again = await client.GetCertificateAsync(grade.UserName!, run, ct).ConfigureAwait(false);
        return again is not null && EdxMapping.StateOf(again)?.Status == status
            ? (await MapAsync(grade, again, knownBefore: true, ct).ConfigureAwait(false), null)
            : (null, Vanished(grade));
    }

    /// <summary>Maps; a known completion whose account is retired is left as it is, with the identifiers that it has.</summary>
    private async Task<Completion?> MapAsync(EdxGrade grade, EdxCertificate certificate, bool knownBefore, CancellationToken ct)
    {
        EdxAccount? account = options.Accounts ? await client.GetAccountAsync(grade.UserName!, ct).ConfigureAwait(false) : null;
        return options.Accounts && account is null && knownBefore
            ? null
            : EdxMapping.Map(source.Name, run, grade, certificate, account, options.TrustEmail);
    }

    /// <summary>The same learner falls into the same slice in every process; a string's own hash code would not do that.</summary>
    private int Slice(string userName)
    {
        byte[] id = NameBasedUuid.Create(Guid.Empty, userName.ToLowerInvariant()).ToByteArray();
        return ((id[14] << 8) | id[15]) % options.ReverifySlices;
    }

    private UnreadableRecord Vanished(EdxGrade grade) => new(
        $"{run}, user {grade.UserName}",
        "completion-vanished",
        $"Someone who held a certificate of {run} has none now, or one in an unclear state: nothing is withdrawn; withdraw it by hand if it was wrong.")
    {
        Missing = EdxMapping.KeyOf(grade.UserName!, run),
    };

    private UnreadableRecord Hidden() => new(
        run,
        "course-certificates-hidden",
        $"Somebody passed {run}, but the run has no active certificate page, so that no certificate of it can be read, and only they have dates: activate certificates in Studio, or give the dates in a CSV source.");

    private UnreadableRecord Undated(EdxGrade grade) => new(
        $"{run}, user {grade.UserName}",
        "completion-without-date",
        $"Someone holds a certificate of {run} without a date of creation that can be read: ask the site's administrator; it is asked for again at the next sweep.");

    private UnreadableRecord WithoutDate(EdxGrade grade) => new(
        $"{run}, user {grade.UserName}",
        "completion-without-date",
        $"Someone passed {run} but has no certificate yet, and only the certificate has a date: it is asked for again at the next sweep; if the course gives none, give the date in a CSV source or by hand.");
}
