using System.Collections.Concurrent;

namespace CredSync.Host.Intake.Hooks;

/// <summary>How many deliveries a source may bring: so many a second for long, twice as many at once.</summary>
internal sealed class DeliveryRate(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Takes one from the source's share; false when there is none left.</summary>
    public bool TryTake(string source, int perSecond) => buckets.GetOrAdd(source, static _ => new Bucket()).TryTake(perSecond, time.GetTimestamp(), time.TimestampFrequency);

    private sealed class Bucket
    {
        private readonly Lock gate = new();
        private double left = -1;
        private long last;

        public bool TryTake(int perSecond, long now, long frequency)
        {
            lock (gate)
            {
                double most = perSecond * 2d;
                left = left < 0 ? most : Math.Min(most, left + ((now - last) * (double)perSecond / frequency));
                last = now;
                if (left < 1)
                {
                    return false;
                }

                left--;
                return true;
            }
        }
    }
}
