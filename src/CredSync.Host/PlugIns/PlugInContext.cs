using System.Reflection;
using System.Runtime.Loader;

namespace CredSync.Host.PlugIns;

/// <summary>
/// Where one plug-in lives: it brings the libraries that it needs in versions of its own, and shares with the worker only what passes between them, which is
/// the abstractions and the framework.
/// </summary>
internal sealed class PlugInContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private static readonly string[] Shared = ["CredSync.Abstractions", "Microsoft.Extensions.", "Microsoft.AspNetCore.", "System."];

    private readonly AssemblyDependencyResolver resolver = new(path);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        string? own = resolver.ResolveAssemblyToPath(assemblyName);
        return own is null || (Shared.Any(s => name.StartsWith(s, StringComparison.Ordinal)) && WorkerHas(name)) ? null : LoadFromAssemblyPath(own);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } own ? LoadUnmanagedDllFromPath(own) : nint.Zero;

    // By name alone: of what is shared there must not be a second one, and if the worker's is too old the runtime says so.
    private static bool WorkerHas(string name)
    {
        try
        {
            Default.LoadFromAssemblyName(new AssemblyName(name));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
