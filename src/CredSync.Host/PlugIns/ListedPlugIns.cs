using System.Collections.Concurrent;
using CredSync.Registration;
using Microsoft.Extensions.Configuration;

namespace CredSync.Host.PlugIns;

/// <summary>The plug-ins that configuration lists, by file; nothing is looked for. Each is opened once in a process.</summary>
internal sealed class ListedPlugIns
{
    /// <summary>The section of appsettings.json: a list of files.</summary>
    public const string Section = "PlugIns";

    private readonly ConcurrentDictionary<string, IAdapterPlugIn> open = new(StringComparer.Ordinal);

    /// <summary>The files that are listed: setting and whole path.</summary>
    /// <param name="infrastructure">The infrastructure settings.</param>
    /// <param name="folder">The configuration folder, at which relative paths begin.</param>
    public static IReadOnlyList<(string Setting, string Path)> Listed(IConfiguration infrastructure, string folder) =>
    [
        .. infrastructure.GetSection(Section).GetChildren().Where(entry => !string.IsNullOrWhiteSpace(entry.Value))
            .Select(entry => (entry.Path, Path.GetFullPath(Path.Combine(folder, entry.Value!)))),
    ];

    /// <summary>Registers the adapters of all plug-ins that are listed.</summary>
    /// <param name="builder">The builder; has the built-in adapters already.</param>
    /// <param name="settings">What the worker is built from.</param>
    /// <exception cref="PlugInException">One of them cannot be used.</exception>
    public void Register(ICredSyncBuilder builder, WorkerSettings settings)
    {
        foreach ((string setting, string path) in Listed(Infrastructure(settings), Path.GetFullPath(settings.ConfigFolder)))
        {
            IAdapterPlugIn plugIn = open.GetOrAdd(path, p => PlugInFile.Open(setting, p));
            try
            {
                plugIn.Register(builder);
            }
            catch (Exception e)
            {
                throw PlugInFile.Failed(path, e);
            }
        }
    }

    private static IConfigurationRoot Infrastructure(WorkerSettings settings)
    {
        try
        {
            return Worker.Infrastructure(settings);
        }
        catch (InvalidDataException e)
        {
            throw new PlugInException($"appsettings.json in '{settings.ConfigFolder}' is not well-formed: {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}
