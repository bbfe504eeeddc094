using CredSync.Core.Configuration;
using CredSync.Host.Intake;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using CredSync.Host.RuleBooks;
using CredSync.Sources;

namespace CredSync.Host.Operations;

/// <summary>Where sources stand, and what operators do to them.</summary>
internal sealed class SourceDesk(ILedger ledger, OperatorLedger operators, SourceRegistry adapters, ActiveConfiguration active, TimeProvider time)
{
    /// <summary>The most pages that are read to discover courses.</summary>
    public const int MostPages = 10_000;

    /// <summary>How many pages are read to discover courses, when nobody says.</summary>
    public const int UsualPages = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>All configured sources.</summary>
    public async Task<IReadOnlyList<SourceView>> AllAsync(CancellationToken ct)
    {
        Dictionary<string, SourceState> states = (await ledger.SourcesAsync(ct).ConfigureAwait(false)).ToDictionary(s => s.Name, StringComparer.Ordinal);
        var views = new List<SourceView>();
        foreach (SourceDefinition source in active.Current.Sources)
        {
            RunLine? last = (await operators.RunsAsync(source.Name, faulty: false, null, 1, ct).ConfigureAwait(false)).Items.FirstOrDefault();
            views.Add(View(source, states.GetValueOrDefault(source.Name) ?? new SourceState { Name = source.Name }, last));
        }

        return views;
    }

    /// <summary>One source.</summary>
    /// <exception cref="ActException">There is none of this name.</exception>
    public async Task<SourceView> OneAsync(string name, CancellationToken ct)
    {
        Require(name);
        return (await AllAsync(ct).ConfigureAwait(false)).Single(s => s.Name == name);
    }

    /// <summary>Does an act to a source: run, pause, resume, rewind.</summary>
    /// <exception cref="ActException">There is no such source or act, or it cannot be done now.</exception>
    public async Task<SourceView> ActAsync(string name, string verb, string who, string why, CancellationToken ct)
    {
        Require(name);
        SourceState state = (await ledger.EnsureSourcesAsync([name], ct).ConfigureAwait(false))[0];
        string was = state.PausedBecause is null ? "polled" : "paused";
        Act act = new(who, verb, $"source {name}", why, $"{verb} {name}") { Was = was };
        switch (verb)
        {
            case "run" or "pause" or "resume" when active.Current.Sources.Single(s => s.Name == name).Paused:
                throw new ActException($"Source '{name}' is paused in its file; take 'paused: true' out of it, or read it once: credsync sync {name}.");
            case "run" when state.PausedBecause is not null:
                throw new ActException($"Source '{name}' is paused: {state.PausedBecause} Resume it first.");
            case "run":
                await operators.WishPollAsync(name, ct).ConfigureAwait(false);
                act = act with { Became = "polled now" };
                break;
            case "pause":
                await ledger.SetPausedAsync(name, why.Length == 0 ? $"paused by {who}" : $"paused by {who}: {why}", ct).ConfigureAwait(false);
                act = act with { Became = "paused" };
                break;
            case "resume":
                await ledger.SetPausedAsync(name, null, ct).ConfigureAwait(false);
                await operators.WishPollAsync(name, ct).ConfigureAwait(false);
                act = act with { Became = "polled" };
                break;
            case "rewind":
                await ledger.RewindAsync(name, ct).ConfigureAwait(false);
                act = act with { Was = state.Cursor is null ? "at the beginning" : "behind its cursor", Became = "at the beginning" };
                break;
            default:
                throw new ActException($"There is no act '{verb}' on a source; there are run, pause, resume and rewind.");
        }

        await operators.RecordAsync(act, ct).ConfigureAwait(false);
        return await OneAsync(name, ct).ConfigureAwait(false);
    }

    /// <summary>Proves address, credentials and rights of a source from this worker, changing nothing there.</summary>
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(string name, CancellationToken ct)
    {
        Require(name);
        if (Adapter(name) is not ICheckable checkable)
        {
            return [new CheckResult("check", CheckOutcome.NotChecked, "This adapter has nothing that can be checked without using it.")];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await checkable.CheckAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [new CheckResult("check", CheckOutcome.Failed, $"The platform did not answer within {Words.Duration(Patience)}.", "Look whether it is reached from the worker's machine.")];
        }
        catch (SourceException e)
        {
            return [new CheckResult("check", CheckOutcome.Failed, e.Message)];
        }
    }

    /// <summary>Looks which courses a source has completions of, with the keys that rules match on; reads pages from its beginning, and stores nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="pages">How many pages to read at most, from 1 to <see cref="MostPages"/>.</param>
    /// <param name="patience">How long it may take; null for as long as it takes.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ActException">There is none of this name, or it takes longer.</exception>
    /// <exception cref="SourceException">The platform cannot be read.</exception>
    public async Task<DiscoveredCourses> DiscoverAsync(string name, int pages, TimeSpan? patience, CancellationToken ct)
    {
        Require(name);
        ICompletionSource adapter = Adapter(name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (patience is { } longest)
        {
            limit.CancelAfter(longest);
        }

        try
        {
            (IReadOnlyList<DiscoveredCourse> courses, bool more) = await CourseDiscovery.ReadAsync(adapter, pages, limit.Token).ConfigureAwait(false);
            return new DiscoveredCourses(name, courses, more);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ActException($"The platform did not give {Words.Many(pages, "page")} within {Words.Duration(patience ?? default)}; ask for fewer, or run on the worker's machine: credsync sources discover {name}");
        }
    }

    /// <summary>Makes sure that a source is configured.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ActException">There is none of this name.</exception>
    public void Require(string name)
    {
        if (active.Current.Sources.All(s => s.Name != name))
        {
            throw new ActException($"No source is called '{name}'; there are: {string.Join(", ", active.Current.Sources.Select(s => s.Name))}.") { IsMissing = true };
        }
    }

    private ICompletionSource Adapter(string name) => adapters.All.TryGetValue(name, out ICompletionSource? adapter)
        ? adapter
        : throw new ActException($"Source '{name}' was added while this worker ran; start the worker again, then it is read.");

    private SourceView View(SourceDefinition source, SourceState state, RunLine? last)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool isThere = adapters.All.ContainsKey(source.Name);
        TimeZoneInfo zone = TimeZones.Find(active.Current.Organisation.TimeZone);
        string condition = isThere ? SourceCondition.Of(source, state, last?.StartedAt, now, zone) : "restart";
        DateTimeOffset? next = source.Paused || state.PausedBecause is not null ? null : last is null ? now : source.Cron is { } cron ? CronTimes.Next(cron, zone, now) : last.StartedAt + source.Every;
        return new SourceView
        {
            Name = source.Name,
            Adapter = source.Adapter,
            Schedule = source.Cron ?? $"every {Words.Duration(source.Every)}",
            Condition = condition,
            Sentence = isThere ? SourceCondition.Sentence(source, state, condition, last?.StartedAt, now, zone) : "It was added while this worker ran; start the worker again, then it is read.",
            Cursor = state.Cursor?.Value,
            LastSuccess = state.LastSuccess,
            NewestCompletion = state.NewestCompletion,
            ExpectedFreshness = source.ExpectedFreshness,
            Failures = state.Failures,
            LastRun = last,
            NextRun = state.NotBefore > next ? state.NotBefore : next,
        };
    }
}

/// <summary>The courses that a source has completions of.</summary>
/// <param name="Source">The source.</param>
/// <param name="Courses">The courses, by key.</param>
/// <param name="More">Whether there is more than was read.</param>
internal sealed record DiscoveredCourses(string Source, IReadOnlyList<DiscoveredCourse> Courses, bool More);

/// <summary>Where a source stands.</summary>
internal sealed record SourceView
{
    public required string Name { get; init; }

    public required string Adapter { get; init; }

    public required string Schedule { get; init; }

    /// <summary><c>well</c>, <c>late</c> (nothing new for longer than expected), <c>silent</c> (not read for long), <c>failing</c>, <c>paused</c>, <c>left out</c> (paused in its file), <c>never read</c>, or <c>restart</c> (added while this worker ran).</summary>
    public required string Condition { get; init; }

    public string? Sentence { get; init; }

    public string? Cursor { get; init; }

    public DateTimeOffset? LastSuccess { get; init; }

    public DateTimeOffset? NewestCompletion { get; init; }

    public TimeSpan? ExpectedFreshness { get; init; }

    public int Failures { get; init; }

    public RunLine? LastRun { get; init; }

    /// <summary>When it is read next; null when it is paused, or its cron expression never comes again.</summary>
    public DateTimeOffset? NextRun { get; init; }
}
