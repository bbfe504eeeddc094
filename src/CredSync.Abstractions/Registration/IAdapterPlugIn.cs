namespace CredSync.Registration;

/// <summary>
/// What a plug-in assembly brings: adapters that a <c>credsync</c> which was built without them can use. The assembly names its class with
/// <see cref="AdapterPlugInAttribute{TPlugIn}"/>; configuration names the assembly under <c>PlugIns</c> in appsettings.json.
/// </summary>
public interface IAdapterPlugIn
{
    /// <summary>Registers the adapters, and the services that they need. May be called more than once, each time with an empty builder that has the built-in adapters.</summary>
    /// <param name="builder">The builder.</param>
    void Register(ICredSyncBuilder builder);
}
