using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Coursera;

/// <summary>
/// The gradebooks of programs (source-apis.md section 1.5): finer and fresher than the reports, but without a filter by time, and with nothing of specializations. They only tell sooner what the
/// reports will tell, under the same keys; what is known already is left to the reports.
/// </summary>
internal sealed class CourseraGradebook(SourceIdentity source, CourseraOptions options, CourseraClient client)
{
    private const long ToItsEnd = -1;

    /// <summary>Reads the gradebooks from where the cursor stands.</summary>
    /// <param name="at">Where reading stands, after the reports.</param>
    /// <param name="known">What the ledger knows.</param>
    /// <param name="ct">Cancels the calls.</param>
    public async IAsyncEnumerable<SourcePage> ReadAsync(CourseraCursor at, IKnownCompletions known, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (string program in options.Programs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            int place = at.Book is null ? 1 : string.CompareOrdinal(program, at.Book);
            if (place < 0 || (place == 0 && at.BookStart == ToItsEnd))
            {
                continue;
            }

            long? start = place == 0 ? at.BookStart : 0;
            while (start is { } from)
            {
                CourseraReport? book = await client.GetGradebookAsync(program, from, ct).ConfigureAwait(false);
                (List<Completion> completions, List<UnreadableRecord> aside) = book is null ? ([], [Unknown(program)]) : await MapAsync(book, program, from, known, ct).ConfigureAwait(false);
                start = book is null ? null : client.NextOf(book, from);
                at = at with { Book = program, BookStart = start ?? ToItsEnd };
                yield return new SourcePage { Completions = completions, Unreadable = aside, Next = CursorText.Write(at) };
            }
        }

        yield return new SourcePage { Completions = [], Next = CursorText.Write(at with { Book = null, BookStart = 0, Booked = at.Run }) };
    }

    private async Task<(List<Completion> Completions, List<UnreadableRecord> Aside)> MapAsync(CourseraReport book, string program, long from, IKnownCompletions known, CancellationToken ct)
    {
        List<UnreadableRecord> aside = [];
        List<CourseraEnrollment> complete = [];
        long number = from;
        foreach (JsonElement element in book.Elements!)
        {
            number++;
            string reference = string.Create(CultureInfo.InvariantCulture, $"gradebook of {program}, row {number}");
            if (Row(element) is not { } graded)
            {
                aside.Add(new UnreadableRecord(reference, "row-malformed", "A gradebook row has fields of another kind than documented: report it to Coursera's support."));
                continue;
            }

            CourseraEnrollment row = CourseraMapping.OfGradebook(graded, program);
            if (CourseraMapping.ProblemOf(row) is var (cause, sentence))
            {
                aside.Add(new UnreadableRecord(reference, cause, sentence));
            }
            else if (row.IsCompleted)
            {
                complete.Add(row);
            }
        }

        HashSet<string> keys = [.. complete.Select(row => CourseraMapping.KeyOf(row, options.PerProgram))];
        HashSet<string> told = [.. (await known.OfKeysAsync(keys, ct).ConfigureAwait(false)).Where(k => k.Status == CompletionStatus.Completed).Select(k => k.NaturalKey)];
        return ([.. complete.Where(row => !told.Contains(CourseraMapping.KeyOf(row, options.PerProgram))).Select(row => CourseraMapping.Map(source.Name, row, options))], aside);
    }

    private static UnreadableRecord Unknown(string program) =>
        new($"gradebook of {program}", "program-unknown", $"Coursera does not know the program {program}: correct 'programs' with the ids that the organisation's programs have.");

    private static CourseraGradebookRow? Row(JsonElement element)
    {
        try
        {
            return element.Deserialize<CourseraGradebookRow>(Tolerant.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
