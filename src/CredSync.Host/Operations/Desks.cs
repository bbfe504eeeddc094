using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations.Failures;
using CredSync.Host.Operations.Jobs;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CredSync.Host.Operations;

/// <summary>What operators see and do, as services; everything that shows it uses these.</summary>
internal static class Desks
{
    public static IServiceCollection AddDesks(this IServiceCollection services, WorkerSettings settings)
    {
        services.AddSingleton<LookBudget>();
        services.AddSingleton<Looks>();
        services.AddSingleton<LedgerFigures>();
        services.AddSingleton<TokenDesk>();
        services.AddSingleton<FailureDesk>();
        services.AddSingleton<SourceDesk>();
        services.AddSingleton<IssuerDesk>();
        services.AddSingleton<OverviewDesk>();
        services.AddSingleton<PersonDesk>();
        services.AddSingleton<DoctorDesk>();
        services.AddSingleton<CredentialDesk>();
        services.AddSingleton<JobDesk>();
        services.AddSingleton<RevocationDesk>();
        services.AddSingleton<FailureWork>();
        if (settings.Roles.HasFlag(Roles.Dispatch))
        {
            services.AddSingleton<IHostedService>(sp => Runner(
                sp, "jobs", sp.GetRequiredService<FailureWork>(), Make<PlanWork>(sp), Make<ApplyWork>(sp), Make<SettleWork>(sp), Make<RevokeWork>(sp), Make<BackfillWork>(sp)));
        }

        // Issuers are asked by those who have their secrets; a slow one holds up nobody's retry.
        if (settings.Roles.HasFlag(Roles.Issue))
        {
            services.AddSingleton<IHostedService>(IssuerJobs);
        }

        return services;
    }

    /// <summary>Does the jobs that ask issuers.</summary>
    public static JobRunner IssuerJobs(IServiceProvider services) => Runner(services, "repairs", null, Make<ReconcileWork>(services), Make<RepairWork>(services));

    private static JobRunner Runner(IServiceProvider services, string name, FailureWork? failures, params IJobWork[] works) => new(
        name, services.GetRequiredService<OperatorLedger>(), failures, works, services.GetRequiredService<LeaseOwner>(), services.GetRequiredService<LoopProgress>(),
        services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<JobRunner>>());

    private static T Make<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(services);
}
