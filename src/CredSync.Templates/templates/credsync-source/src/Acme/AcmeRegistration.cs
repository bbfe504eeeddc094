using Acme;
using CredSync.Registration;
using Microsoft.Extensions.DependencyInjection;

[assembly: AdapterPlugIn<AcmePlugIn>]

namespace Acme;

/// <summary>Registers the adapter in an executable of your own: <c>builder.AddAcmeSource()</c>.</summary>
public static class AcmeRegistration
{
    /// <summary>What configuration calls the adapter.</summary>
    public const string Adapter = "acme";

    /// <summary>Adds the adapter.</summary>
    public static ICredSyncBuilder AddAcmeSource(this ICredSyncBuilder builder)
    {
        // The factory's own loggers write whole addresses, and those may name people.
        builder.Services.AddHttpClient(Adapter, client => client.Timeout = TimeSpan.FromSeconds(60)).RemoveAllLoggers();
        return builder.AddSource<AcmeSource, AcmeOptions>(Adapter, "Completions of learners at Acme.");
    }
}

/// <summary>Registers the adapter in a credsync that was built without it, as a plug-in.</summary>
public sealed class AcmePlugIn : IAdapterPlugIn
{
    /// <inheritdoc />
    public void Register(ICredSyncBuilder builder) => builder.AddAcmeSource();
}
