using CredSync.Completions;

namespace CredSync.Sources;

/// <summary>What a source yields at a time: completions, what could not be read, and the cursor after them.</summary>
public sealed record SourcePage
{
    /// <summary>The completions of this page; may be empty. Repeating one that was yielded before is allowed, leaving one out is not.</summary>
    public required IReadOnlyList<Completion> Completions { get; init; }

    /// <summary>Records that could not be mapped; they are set aside with their reason and do not hold up the page.</summary>
    public IReadOnlyList<UnreadableRecord> Unreadable { get; init; } = [];

    /// <summary>
    /// True on the first page of a reading that shows everything the platform has, by no filter. Together with <see cref="EndsWhole"/> it lets the host notice what is not there any more. Default false: a
    /// reading of what changed, or one that leaves out on purpose what is known.
    /// </summary>
    public bool BeginsWhole { get; init; }

    /// <summary>True on the last page of such a reading; on the same page as <see cref="BeginsWhole"/> when it has one page. Default false.</summary>
    public bool EndsWhole { get; init; }

    /// <summary>Where to go on after this page. Must differ from the cursor before it, or the host reports a loop.</summary>
    public required Cursor Next { get; init; }
}

/// <summary>A record that could not be mapped to a completion.</summary>
/// <param name="Reference">Which record, in the platform's own ids (no personal data), for example <c>course 42, user 1207</c>.</param>
/// <param name="Cause">A stable machine code, for example <c>completion-without-date</c>.</param>
/// <param name="Sentence">What is wrong and what to do, in one sentence for the operator; no personal data.</param>
public sealed record UnreadableRecord(string Reference, string Cause, string Sentence)
{
    /// <summary>
    /// Natural key of a known completion that the platform does not show as complete any more, without having said that it was taken back; null, the default, for any other record. It is weak evidence: nothing
    /// comes of it unless the source's configuration says so, and then only after a second look a day or more later.
    /// </summary>
    public string? Missing { get; init; }
}
