namespace CredSync.Conformance;

/// <summary>One thing that an adapter must hold, as a value that any test runner, or a command, can run.</summary>
public sealed class ConformanceCase
{
    private readonly Func<CancellationToken, Task> run;

    internal ConformanceCase(string name, string why, Func<CancellationToken, Task> run)
    {
        Name = name;
        Why = why;
        this.run = run;
    }

    /// <summary>What must hold, in a few words; unique within a list and stable across versions.</summary>
    public string Name { get; }

    /// <summary>What goes wrong for people when it does not hold, in one sentence.</summary>
    public string Why { get; }

    /// <summary>Runs the case. Cases do not depend on each other and may be run in any order.</summary>
    /// <param name="ct">Cancels the case.</param>
    /// <exception cref="ConformanceException">The adapter does not hold it; the message says what was seen.</exception>
    public Task RunAsync(CancellationToken ct) => run(ct);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>An adapter does not hold a case.</summary>
public sealed class ConformanceException : Exception
{
    internal ConformanceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
