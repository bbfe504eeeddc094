using System.Reflection;
using CredSync.Registration;

namespace CredSync.Host.PlugIns;

/// <summary>Opens a plug-in assembly, or says in one sentence why it cannot be used.</summary>
internal static class PlugInFile
{
    private static readonly AssemblyName Abstractions = typeof(IAdapterPlugIn).Assembly.GetName();

    /// <summary>Opens an assembly.</summary>
    /// <param name="setting">The setting that names it, for the sentence.</param>
    /// <param name="path">Its whole path.</param>
    /// <exception cref="PlugInException">It is not there, is no plug-in, or was built against other abstractions.</exception>
    public static IAdapterPlugIn Open(string setting, string path)
    {
        if (!File.Exists(path))
        {
            throw new PlugInException($"{setting} names the plug-in '{path}', and there is no such file: build it, or correct the path, which begins at the configuration folder.");
        }

        Assembly assembly;
        try
        {
            assembly = new PlugInContext(path).LoadFromAssemblyPath(path);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new PlugInException($"{setting} names '{path}', which is no .NET assembly that this credsync can load: name the DLL that the plug-in's build makes.", e);
        }

        string name = Path.GetFileName(path);
        AssemblyName? wanted = assembly.GetReferencedAssemblies().FirstOrDefault(a => a.Name == Abstractions.Name);
        if (wanted is null)
        {
            throw new PlugInException($"'{name}' ({setting}) does not use {Abstractions.Name}, so it cannot bring adapters: name the DLL of the plug-in itself.");
        }

        if (Problem(wanted.Version!, Abstractions.Version!) is { } problem)
        {
            throw new PlugInException($"'{name}' ({setting}) was built against {Abstractions.Name} {wanted.Version!.ToString(3)}, and this credsync has {Abstractions.Version!.ToString(3)}: {problem}.");
        }

        try
        {
            return assembly.GetCustomAttribute<AdapterPlugInAttribute>()?.Create()
                ?? throw new PlugInException($"'{name}' ({setting}) registers nothing: it needs [assembly: AdapterPlugIn<…>] with the class that adds its adapters.");
        }
        catch (Exception e) when (e is not PlugInException)
        {
            throw Failed(path, e);
        }
    }

    /// <summary>The sentence for a plug-in that failed while it registered.</summary>
    public static PlugInException Failed(string path, Exception e) =>
        new($"The plug-in '{Path.GetFileName(path)}' could not register its adapters: {(e as TargetInvocationException)?.InnerException?.Message ?? e.Message}", e);

    /// <summary>Why a plug-in that was built against one version does not fit another; null when it does.</summary>
    /// <param name="wanted">The version that it was built against.</param>
    /// <param name="present">The version that this worker has.</param>
    public static string? Problem(Version wanted, Version present) =>
        wanted.Major != present.Major || (present.Major == 0 && wanted.Minor != present.Minor) ? $"build it again against {present.ToString(3)}"
        : wanted > present ? "use a newer credsync, or build the plug-in against the older one"
        : null;
}
