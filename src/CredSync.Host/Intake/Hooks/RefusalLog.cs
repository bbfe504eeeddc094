using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Says that deliveries are refused, at most once in ten seconds for a source and reason: whoever knocks a thousand times must not fill the log.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string Source, string Word), Entry> entries = new();

    public void Add(string source, int status, string word)
    {
        Entry entry = entries.GetOrAdd((source, word), static _ => new Entry());
        int count;
        lock (entry)
        {
            entry.Count++;
            DateTimeOffset now = time.GetUtcNow();
            if (now < entry.Next)
            {
                return;
            }

            (count, entry.Count, entry.Next) = (entry.Count, 0, now + Between);
        }

        Log.HookRefused(logger, source, count, status, word);
    }

    private sealed class Entry
    {
        public int Count { get; set; }

        public DateTimeOffset Next { get; set; }
    }
}
