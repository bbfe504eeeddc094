namespace CredSync.Sandbox;

/// <summary>A story that is played step by step in a world. The same seed tells the same story.</summary>
/// <typeparam name="TStep">A step; its text tells it in one line, without names.</typeparam>
public abstract class PlayScript<TStep> : IPlayScript
    where TStep : class
{
    private readonly Lock _gate = new();

    private protected PlayScript()
    {
    }

    /// <summary>All steps, in the order of their time.</summary>
    public IReadOnlyList<TStep> Timeline { get; private protected init; } = [];

    /// <summary>How many steps were played.</summary>
    public int Position { get; private set; }

    /// <summary>When the next step happens; null when the story is over.</summary>
    public DateTimeOffset? NextAt
    {
        get
        {
            lock (_gate)
            {
                return Position < Timeline.Count ? TimeOf(Timeline[Position]) : null;
            }
        }
    }

    int IPlayScript.Count => Timeline.Count;

    /// <summary>Plays the next step.</summary>
    /// <returns>The step; null when the story is over.</returns>
    public TStep? PlayNext() => PlayNextIf(static _ => true);

    /// <summary>Plays all steps that are left.</summary>
    /// <returns>How many were played now.</returns>
    public int PlayAll()
    {
        int played = 0;
        while (PlayNext() is not null)
        {
            played++;
        }

        return played;
    }

    string? IPlayScript.Advance() => PlayNext()?.ToString();

    /// <summary>Makes a step happen in the world; called for one step at a time.</summary>
    private protected abstract void Play(TStep step);

    private protected abstract DateTimeOffset TimeOf(TStep step);

    private protected TStep? PlayNextIf(Func<TStep, bool> wanted)
    {
        lock (_gate)
        {
            if (Position >= Timeline.Count || !wanted(Timeline[Position]))
            {
                return null;
            }

            TStep step = Timeline[Position++];
            Play(step);
            return step;
        }
    }
}
