using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox;

/// <summary>A platform that a <see cref="SandboxServer"/> plays under a path prefix.</summary>
public abstract class PlayPlatform
{
    private Uri? _address;

    private protected PlayPlatform(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        Prefix = prefix;
    }

    /// <summary>The first segment of the platform's paths, for example <c>moodle</c>; also its name at the admin endpoints.</summary>
    public string Prefix { get; }

    /// <summary>Where the platform listens, with a slash at the end.</summary>
    /// <exception cref="InvalidOperationException">No server plays it yet.</exception>
    public Uri Address => _address ?? throw new InvalidOperationException($"The play platform {Prefix} is not served yet: start a SandboxServer with it.");

    /// <summary>What goes wrong, and when.</summary>
    public FaultKnobs Faults { get; } = new();

    /// <summary>The clock of the platform; the server's.</summary>
    internal TimeProvider Time { get; private set; } = TimeProvider.System;

    /// <summary>The name by which faults pick requests, for example the web-service function; empty for a request that has none.</summary>
    internal abstract string OperationOf(PlayRequest request);

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="fault">A fault of a kind that only the platform can play; null for none.</param>
    internal abstract PlayAnswer Answer(PlayRequest request, PlayFault? fault);

    /// <summary>A script that the admin endpoints can advance; null for none.</summary>
    internal virtual IPlayScript? Script => null;

    /// <summary>Completes a course for a learner, both named by the organisation's own numbers.</summary>
    /// <returns>False when there is no such course or learner.</returns>
    internal abstract bool Complete(string learner, string course, DateTimeOffset at);

    internal void Serve(Uri server, TimeProvider time)
    {
        _address = new Uri(server, Prefix + "/");
        Time = time;
    }
}
