using CredSync.Host.Ledger.Operators;
using Microsoft.Extensions.Options;

namespace CredSync.Host.Operations.Failures;

/// <summary>What operators see of failures and do about them; the command line, the interface for programs and the screens all come here.</summary>
internal sealed class FailureDesk(OperatorLedger ledger, IOptions<OperationsOptions> options)
{
    /// <summary>The rate when none is given, in items a second.</summary>
    public const double DefaultRate = 5;

    /// <summary>All groups with what is known about their cause; with a filter, those of one cause or place.</summary>
    public async Task<IReadOnlyList<FailureView>> GroupsAsync(string? cause, string? place, CancellationToken ct) =>
        [.. (await ledger.FailureGroupsAsync(ct).ConfigureAwait(false)).Where(g => (cause is null || g.Cause == cause) && (place is null || g.Place == place)).Select(g => new FailureView(g, CauseBook.Of(g.Cause)))];

    /// <summary>Makes a job of an act on failures.</summary>
    /// <exception cref="ActException">Something about the wish cannot be.</exception>
    public async Task<JobLine> ActAsync(string kind, FailureFilter filter, int? size, double rate, double? stopAt, string who, string why, CancellationToken ct)
    {
        if (kind is not ("retry" or "park" or "archive"))
        {
            throw new ActException($"There is no act '{kind}'; there are retry, park and archive.");
        }

        if (size is < 1 or > 1_000_000)
        {
            throw new ActException("The size is from 1 to 1000000; leave it out for all.");
        }

        if (!(rate is >= 0.01 and <= 1000))
        {
            throw new ActException("The rate is from 0.01 to 1000 items a second.");
        }

        if (stopAt is { } share && !(share is > 0 and <= 1))
        {
            throw new ActException("The share of failures at which to stop is above 0 and at most 1.");
        }

        if (string.IsNullOrWhiteSpace(why) && filter.Id is null)
        {
            throw new ActException("Say why, for the audit.");
        }

        var order = new JobOrder { Kind = kind, Filter = filter, Size = size, Rate = rate, StopAt = stopAt, Who = who, Why = why, ApprovalOver = options.Value.ApproveOver };
        return await ledger.MakeJobAsync(order, ct).ConfigureAwait(false)
            ?? throw new ActException(kind switch
            {
                "archive" => "Nothing that is parked is like this, so there is nothing to archive; park it first.",
                "park" => "Nothing that still waits is like this, so there is nothing to park.",
                _ => "No failure is like this any more; look again.",
            });
    }
}

/// <summary>A group of failures with what is known about its cause.</summary>
internal sealed record FailureView(FailureGroup Group, Cause Cause);

/// <summary>An act that cannot be; one sentence says why.</summary>
internal sealed class ActException(string sentence) : Exception(sentence)
{
    /// <summary>Whether what it was to be done to does not exist.</summary>
    public bool IsMissing { get; init; }
}
