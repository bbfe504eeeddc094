using System.Globalization;
using CredSync.Core.Configuration;
using CredSync.Host.Dispatch;
using CredSync.Host.Intake;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Operations;
using CredSync.Host.Outcome;
using CredSync.Host.RuleBooks;
using CredSync.Host.Storage;
using CredSync.Host.Telemetry;
using CredSync.Registration;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace CredSync.Host;

/// <summary>The rooms of a worker, one method each, in the order of the flow. The only file outside the rooms that names MassTransit and Quartz.</summary>
internal static class CredSyncRegistration
{
    /// <summary>Clock, configuration snapshot, adapters' instances.</summary>
    public static IHostApplicationBuilder AddFoundation(this IHostApplicationBuilder builder, WorkerSettings settings, ConfigurationFolder folder, Configuration configuration, SecretReader secrets)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton(settings.Clock);
        services.AddSingleton(settings);
        services.AddSingleton(folder);
        services.AddSingleton(secrets);
        services.AddSingleton(new ActiveConfiguration(configuration));
        services.AddSingleton(LocalProcess.Self);
        services.AddSingleton<LoopProgress>();
        services.AddSingleton(sp => new SourceRegistry(configuration.Sources.ToDictionary(s => s.Name, s => sp.GetServices<SourceAdapter>().Single(a => a.Name == s.Adapter).Create(sp, new SourceIdentity(s.Name), s.Options))));
        services.AddSingleton(sp => new IssuerRegistry(configuration.Issuers.ToDictionary(i => i.Name, i => sp.GetServices<IssuerAdapter>().Single(a => a.Name == i.Adapter).Create(sp, new IssuerIdentity(i.Name, settings.DataFolder), i.Options))));
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(20));
        if (settings.Roles.HasFlag(Roles.Intake))
        {
            services.AddHostedService<ConfigurationWatcher>();
        }

        return builder;
    }

    /// <summary>Serilog: for people on standard error, compact JSON to a file on request.</summary>
    public static IHostApplicationBuilder AddLogging(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        LogOptions options = builder.Configuration.GetSection("Log").Get<LogOptions>() ?? new LogOptions();
        LoggerConfiguration serilog = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.TryParse(options.Level, ignoreCase: true, out LogEventLevel level) ? level : LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
            .Enrich.FromLogContext();
        if (settings.LogToTerminal)
        {
            serilog.WriteTo.Console(
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose,
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}");
        }

        if (options.File is { Length: > 0 } file)
        {
            serilog.WriteTo.File(new CompactJsonFormatter(), file, rollingInterval: RollingInterval.Day, retainedFileCountLimit: 7, shared: true);
        }

        builder.Services.AddSerilog(serilog.CreateLogger(), dispose: true);
        return builder;
    }

    /// <summary>The ledger: SQLite, or PostgreSQL when a connection string is given.</summary>
    public static IHostApplicationBuilder AddLedger(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        LedgerOptions options = Bind<LedgerOptions>(builder, "Ledger");
        builder.Services.AddSingleton<ILedger>(sp => new SqliteLedger(new SqliteDatabase(Path.Combine(settings.DataFolder, options.File)), sp.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ISourceLedger>(sp => sp.GetRequiredService<ILedger>());
        builder.Services.AddSingleton<RuleBookRecord>();
        builder.Services.AddHostedService<MigrateLedger>();
        return builder;
    }

    /// <summary>Polling: Quartz, one job a source.</summary>
    public static IHostApplicationBuilder AddIntake(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        builder.Services.AddSingleton<OutboxSignal>();
        builder.Services.AddSingleton<CompletionIntake>();
        builder.Services.AddSingleton<SourcePoller>();
        if (settings.Roles.HasFlag(Roles.Intake))
        {
            builder.Services.AddQuartz(q => q.UseDefaultThreadPool(p => p.MaxConcurrency = 8));
            builder.Services.AddHostedService<SourceSchedule>();
            builder.Services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        }

        return builder;
    }

    /// <summary>The queue: MassTransit over memory, or over RabbitMQ when a connection string is given. Each issuer has a queue of its own.</summary>
    public static IHostApplicationBuilder AddQueue(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        QueueOptions options = Bind<QueueOptions>(builder, "Queue");
        builder.Services.AddSingleton(new QueueLifetime(DiesWithProcess: options.ConnectionString is null));
        builder.Services.AddSingleton<IssuancePublisher>();
        builder.Services.AddSingleton<IssuedSignal>();
        builder.Services.AddMassTransit(queue =>
        {
            queue.AddConsumer<IssueCredentialConsumer, IssueCredentialConsumerDefinition>();
            queue.AddConsumer<OutcomeConsumer, OutcomeConsumerDefinition>();
            queue.DisableUsageTelemetry();
            queue.UsingInMemory((context, bus) => ConfigureEndpoints(context, bus, settings.Roles));
        });
        builder.Services.Configure<MassTransitHostOptions>(o => o.WaitUntilStarted = true);
        return builder;
    }

    /// <summary>The dispatcher.</summary>
    public static IHostApplicationBuilder AddDispatch(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        builder.Services.AddOptions<DispatchOptions>().Bind(builder.Configuration.GetSection("Dispatch")).ValidateDataAnnotations().ValidateOnStart();
        if (settings.Roles.HasFlag(Roles.Dispatch))
        {
            builder.Services.AddSingleton<OutboxDispatcher>();
            builder.Services.AddHostedService(sp => sp.GetRequiredService<OutboxDispatcher>());
        }

        return builder;
    }

    /// <summary>Minting: the journal, the issuers, the files.</summary>
    public static IHostApplicationBuilder AddIssue(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        IssueOptions options = Bind<IssueOptions>(builder, "Issue");
        builder.Services.AddSingleton<IIssueJournal>(sp => new SqliteIssueJournal(
            new SqliteDatabase(Path.Combine(settings.DataFolder, options.JournalFile)), sp.GetRequiredService<LeaseOwner>(), sp.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(new CredentialFiles(options.BadgeFolder.Length == 0 ? null : Path.Combine(settings.DataFolder, options.BadgeFolder)));
        builder.Services.AddSingleton<IssueDesk>();
        return builder;
    }

    /// <summary>Outcomes are closed by the dispatch role: the side that has the ledger.</summary>
    public static IHostApplicationBuilder AddOutcome(this IHostApplicationBuilder builder, WorkerSettings settings) => builder;

    /// <summary>Health over HTTP.</summary>
    public static IHostApplicationBuilder AddOperations(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        OperationsOptions options = Bind<OperationsOptions>(builder, "Operations");
        if (builder is WebApplicationBuilder web)
        {
            ((IWebHostBuilder)web.WebHost).UseKestrelCore().UseUrls(options.Address);
            web.Services.AddRoutingCore();
            web.Services.AddSingleton<Health>();
        }

        return builder;
    }

    /// <summary>Maps the operations' addresses.</summary>
    public static WebApplication MapOperations(this WebApplication app)
    {
        app.UseRouting();
        app.MapHealth();
        return app;
    }

    private static void ConfigureEndpoints(IBusRegistrationContext context, IBusFactoryConfigurator bus, Roles roles)
    {
        if (roles.HasFlag(Roles.Issue))
        {
            foreach (string issuer in context.GetRequiredService<ActiveConfiguration>().Current.Issuers.Select(i => i.Name))
            {
                bus.ReceiveEndpoint(IssuancePublisher.QueueOf(issuer), endpoint => endpoint.ConfigureConsumer<IssueCredentialConsumer>(context));
            }
        }

        if (roles.HasFlag(Roles.Dispatch))
        {
            bus.ReceiveEndpoint("credential-outcome", endpoint => endpoint.ConfigureConsumer<OutcomeConsumer>(context));
        }
    }

    private static T Bind<T>(IHostApplicationBuilder builder, string section)
        where T : class, new()
    {
        builder.Services.AddOptions<T>().Bind(builder.Configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
        return builder.Configuration.GetSection(section).Get<T>() ?? new T();
    }
}
