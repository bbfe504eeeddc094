using CredSync.Host.Operations.Failures;
using CredSync.Host.Operations.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Operations;

/// <summary>What operators see and do, as services; everything that shows it uses these.</summary>
internal static class Desks
{
    public static IServiceCollection AddDesks(this IServiceCollection services, WorkerSettings settings)
    {
        services.AddSingleton<FailureDesk>();
        services.AddSingleton<SourceDesk>();
        services.AddSingleton<IssuerDesk>();
        services.AddSingleton<OverviewDesk>();
        services.AddSingleton<PersonDesk>();
        services.AddSingleton<CredentialDesk>();
        services.AddSingleton<JobRunner>();
        if (settings.Roles.HasFlag(Roles.Dispatch))
        {
            services.AddHostedService(sp => sp.GetRequiredService<JobRunner>());
        }

        return services;
    }
}
