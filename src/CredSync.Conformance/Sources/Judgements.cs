using System.Text.RegularExpressions;
using CredSync.Completions;
using CredSync.Sources;
using static CredSync.Conformance.Requirement;

namespace CredSync.Conformance.Sources;

/// <summary>What is asked of pages, wherever they were read from: a transcript, a stand-in, or the live platform.</summary>
internal static partial class Judgements
{
    public static void Whole(string source, IEnumerable<SourcePage> pages)
    {
        foreach (Completion completion in pages.SelectMany(page => page.Completions))
        {
            string key = completion.Key.NaturalKey;
            Require(completion.Key.Source == source, $"{key} carries the source name '{completion.Key.Source}', not '{source}'.");
            Require(!string.IsNullOrWhiteSpace(key), "A completion has an empty natural key.");
            Require(!string.IsNullOrWhiteSpace(completion.Course.Key), $"{key} has no course key.");
            Require(completion.Identifiers.Count > 0, $"{key} names nobody.");
            Require(completion.Identifiers.All(id => IdentifierKinds.All.Contains(id.Kind) && !string.IsNullOrWhiteSpace(id.Value)), $"{key} has an identifier of an unknown kind or without a value.");
            Require(completion.Course.Title is null || !Markup().IsMatch(completion.Course.Title), $"The course title of {key} holds markup or HTML entities.");
            Require(completion.Score?.Scaled is null or (>= 0 and <= 1), $"The scaled score of {key} is not within 0 and 1.");
            Require(completion.Status is CompletionStatus.Completed or CompletionStatus.NotCompleted || completion.StatusReason is not null, $"{key} was taken back without a reason code.");
        }
    }

    public static void Utc(IEnumerable<SourcePage> pages)
    {
        foreach (Completion completion in pages.SelectMany(page => page.Completions))
        {
            Require(completion.CompletedAt is null || completion.CompletedAt.Value.Offset == TimeSpan.Zero, $"CompletedAt of {completion.Key.NaturalKey} is not in UTC.");
            Require(completion.SourceUpdatedAt is null || completion.SourceUpdatedAt.Value.Offset == TimeSpan.Zero, $"SourceUpdatedAt of {completion.Key.NaturalKey} is not in UTC.");
        }
    }

    public static void Moves(IReadOnlyList<SourcePage> pages)
    {
        Cursor? before = null;
        for (int page = 0; page < pages.Count; page++)
        {
            Cursor next = pages[page].Next;
            Require(!string.IsNullOrEmpty(next.Value), $"Page {page + 1} has no cursor.");
            Require(next != before, $"Page {page + 1} has the cursor of the page before it.");
            before = next;
        }
    }

    public static async Task ForeignAsync(Func<ICompletionSource> create, CancellationToken ct)
    {
        Exception? fault = await Readings.From(new Cursor("~ no cursor of this source ~")).ReadFaultAsync(create(), ct).ConfigureAwait(false);
        Require(fault is SourceException, fault is null ? "A foreign cursor was read as if it were its own." : $"A foreign cursor ended in {fault.GetType().Name} instead of a SourceException.");
    }

    public static void NoSecretInAddresses(IReadOnlyList<string> secrets, IReadOnlyList<string> addresses) =>
        Require(
            !addresses.Any(address => secrets.Any(secret => Holds(address, secret) || Holds(Uri.UnescapeDataString(address), secret))),
            "A secret is in the address of a request.");

    public static void NoSecretYielded(IReadOnlyList<string> secrets, IEnumerable<SourcePage> pages) =>
        Require(
            !pages.SelectMany(page => (string[])[page.Next.Value, .. page.Unreadable.Select(record => record.ToString()), .. page.Completions.Select(Readings.Content)])
                .Any(text => secrets.Any(secret => Holds(text, secret))),
            "A secret is in a cursor, a completion or a record that was set aside.");

    private static bool Holds(string text, string secret) => secret.Length > 0 && text.Contains(secret, StringComparison.Ordinal);

    [GeneratedRegex("<[A-Za-z/][^>]*>|&(#[0-9]+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos|nbsp);", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
