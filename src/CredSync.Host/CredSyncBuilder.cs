using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host;

/// <summary>What an executable's one file extends: adapters, and the play world that <c>demo</c> runs against.</summary>
public sealed class CredSyncBuilder : ICredSyncBuilder
{
    internal CredSyncBuilder(IServiceCollection services) => Services = services;

    /// <inheritdoc />
    public IServiceCollection Services { get; }

    /// <summary>Starts the play platforms that <c>credsync demo</c> and <c>credsync sandbox</c> use. Null: those commands say that they are not there.</summary>
    public PlayWorldFactory? PlayWorld { get; set; }
}

/// <summary>Starts play platforms.</summary>
/// <param name="seed">The same seed gives the same learners, courses and dates.</param>
/// <param name="port">Port to listen on; 0 takes a free one.</param>
/// <param name="ct">Cancels the start.</param>
public delegate Task<IPlayWorld> PlayWorldFactory(int seed, int port, CancellationToken ct);

/// <summary>Play platforms under way, over real HTTP on this machine.</summary>
public interface IPlayWorld : IAsyncDisposable
{
    /// <summary>What people are told about it, for example the address of each platform.</summary>
    IReadOnlyList<string> Description { get; }

    /// <summary>What people are told about platforms that are played beside it, which the shipped configuration does not use. Default none.</summary>
    IReadOnlyList<string> Beside => [];

    /// <summary>Settings of the shipped configuration that lead to it, as <c>sources.NAME.SETTING</c>.</summary>
    IReadOnlyDictionary<string, string> Overrides { get; }

    /// <summary>Values of the secrets that the shipped configuration refers to, by reference.</summary>
    IReadOnlyDictionary<string, string> Secrets { get; }

    /// <summary>The day after the script's last step, UTC: the demo's clock begins here, so that the same seed gives the same badges in any year.</summary>
    DateTimeOffset Ends { get; }

    /// <summary>How many steps the script has.</summary>
    int Steps { get; }

    /// <summary>About how many completions a patient reader finds once the script is over; what came and went between two readings may be missing.</summary>
    int CompletionsAtEnd { get; }

    /// <summary>Plays the next step of the script.</summary>
    /// <param name="ct">Cancels the step.</param>
    /// <returns>What happened, in words without personal data; null when the script is over.</returns>
    Task<string?> AdvanceAsync(CancellationToken ct);
}
