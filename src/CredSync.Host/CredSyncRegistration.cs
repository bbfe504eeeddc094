using CredSync.Core.Configuration;
using CredSync.Host.Dispatch;
using CredSync.Host.Intake;
using CredSync.Host.Intake.Hooks;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Ledger.Wallets;
using CredSync.Host.Ledger.Postgres;
using CredSync.Host.Ledger.Sqlite;
using CredSync.Host.Operations;
using CredSync.Host.Operations.Public;
using CredSync.Host.Operations.Wallets;
using CredSync.Host.Operations.Access;
using CredSync.Host.Operations.Alerts;
using CredSync.Host.Operations.Api;
using CredSync.Host.Operations.Dashboard;
using CredSync.Host.Outcome;
using CredSync.Host.People;
using CredSync.Host.Queue;
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
using Microsoft.Extensions.Options;
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
        services.AddSingleton(sp => new SourceRegistry(configuration.Sources.ToDictionary(s => s.Name, s => sp.GetServices<SourceAdapter>().Single(a => a.Name == s.Adapter).Create(sp, new SourceIdentity(s.Name) { CallsPerMinute = s.CallsPerMinute }, s.Options))));
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

            // The keys of sessions lie in a folder that only their owner may read, as all keys here do; a warning at each start would only teach people to overlook warnings.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Error)
            .Enrich.FromLogContext()

            // The command says it in one sentence; the host would say it again, with a stack.
            .Filter.ByExcluding(e => e.Exception is StorageException && e.MessageTemplate.Text.StartsWith("Hosting failed to start", StringComparison.Ordinal));
        if (settings.LogToTerminal)
        {
            serilog.WriteTo.Console(new TerminalLog(), standardErrorFromLevel: LogEventLevel.Verbose);
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
        if (options.ConnectionString is { Length: > 0 } address)
        {
            // Built here, so that a string that cannot be read stops the start before anything is begun.
            var database = new PostgresDatabase(address, PostgresLedger.Schema, "Ledger:ConnectionString");
            builder.Services.AddSingleton(database);
            builder.Services.AddSingleton<ILedger>(sp => new PostgresLedger(database, sp.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton<ISql>(new PostgresSql(database));
        }
        else
        {
            var database = new SqliteDatabase(Path.Combine(settings.DataFolder, options.File));
            builder.Services.AddSingleton<ILedger>(sp => new SqliteLedger(database, sp.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton<ISql>(new SqliteSql(database));
        }

        builder.Services.AddSingleton<ISourceLedger>(sp => sp.GetRequiredService<ILedger>());
        builder.Services.AddSingleton<OperatorLedger>();
        builder.Services.AddSingleton<WalletLedger>();
        builder.Services.AddSingleton<IOutbox>(sp => sp.GetRequiredService<ILedger>());
        builder.Services.AddSingleton<IDeliveryLedger>(sp => sp.GetRequiredService<ILedger>());
        builder.Services.AddSingleton<RuleBookRecord>();
        builder.Services.AddHostedService<MigrateLedger>();
        return builder;
    }

    /// <summary>Polling: Quartz, one job a source.</summary>
    public static IHostApplicationBuilder AddIntake(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        builder.Services.AddSingleton<OutboxSignal>();
        builder.Services.AddSingleton<Handover>();
        builder.Services.AddSingleton<CompletionIntake>();
        builder.Services.AddSingleton<SourcePoller>();
        builder.Services.AddSingleton<DirectoryUpdate>();
        builder.Services.AddSingleton<HeldPeople>();
        builder.Services.AddSingleton<SourceAdmission>();
        builder.Services.AddSingleton<PeopleMerge>();
        builder.Services.AddSingleton<HandMatching>();
        builder.Services.AddSingleton<Deadlines>();
        builder.Services.AddSingleton<TakenBack>();
        builder.Services.AddSingleton<PeopleKeeper>();
        builder.Services.AddSingleton<DeliveryDesk>();
        builder.Services.AddSingleton<DeliveryReplay>();
        Bind<HookOptions>(builder, "Hooks");
        if (settings.Roles.HasFlag(Roles.Intake))
        {
            AddHooks(builder.Services);
            builder.Services.AddHostedService(sp => sp.GetRequiredService<PeopleKeeper>());
            builder.Services.AddQuartz(quartz => ConfigureSchedule(quartz, builder.Services));
            builder.Services.AddHostedService<SourceSchedule>();
            builder.Services.AddHostedService<PollWishes>();
            builder.Services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        }

        return builder;
    }

    /// <summary>The queue: MassTransit over memory, or over RabbitMQ when a connection string is given. Each issuer has a queue of its own.</summary>
    public static IHostApplicationBuilder AddQueue(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        QueueOptions options = Bind<QueueOptions>(builder, "Queue");
        BrokerAddress? address = options.ConnectionString is { Length: > 0 } text ? BrokerAddress.Parse(text) : null;
        bool takesPart = (settings.Roles & (Roles.Dispatch | Roles.Issue)) != 0;
        builder.Services.AddSingleton(sp => new QueueLifetime(
            DiesWithProcess: address is null, () => address is null || !takesPart || sp.GetRequiredService<IBusControl>().CheckHealth().Status != BusHealthStatus.Unhealthy));
        builder.Services.AddSingleton<IssuedSignal>();
        if (!takesPart)
        {
            return builder;
        }

        builder.Services.AddSingleton<IssuancePublisher>();
        builder.Services.Configure<MassTransitHostOptions>(o =>
        {
            // A broker that is away must not keep a worker from starting, nor from stopping.
            o.WaitUntilStarted = address is null;
            o.StopTimeout = TimeSpan.FromSeconds(15);
            o.ConsumerStopTimeout = TimeSpan.FromSeconds(10);
        });
        if (address is not null)
        {
            builder.Services.AddSingleton(new Broker(address));
            builder.Services.AddSingleton<BrokerDeclarations>();
            builder.Services.AddSingleton<IQueueDeclarations>(sp => sp.GetRequiredService<BrokerDeclarations>());
            builder.Services.AddSingleton<UnhandledFilter>();
            builder.Services.AddHostedService<BrokerCheck>();
        }
        else
        {
            builder.Services.AddSingleton<IQueueDeclarations, MemoryQueueDeclarations>();
        }

        builder.Services.AddMassTransit(queue =>
        {
            queue.AddConsumer<IssueCredentialConsumer, IssueCredentialConsumerDefinition>();
            queue.AddConsumer<RevokeCredentialConsumer, RevokeCredentialConsumerDefinition>();
            queue.AddConsumer<OutcomeConsumer, OutcomeConsumerDefinition>();
            queue.DisableUsageTelemetry();
            if (address is null)
            {
                queue.UsingInMemory((context, bus) => ConfigureEndpoints(context, bus, settings.Roles, static _ => { }));
            }
            else
            {
                queue.UsingRabbitMq((context, bus) =>
                {
                    bus.Connect(address, context);
                    ConfigureEndpoints(context, bus, settings.Roles, endpoint => ((IRabbitMqReceiveEndpointConfigurator)endpoint).Replicate(context));
                });
            }
        });
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
            if (builder.Services.Any(s => s.ServiceType == typeof(PostgresDatabase)))
            {
                builder.Services.AddHostedService<PlannedListener>();
            }
        }

        return builder;
    }

    /// <summary>Minting: the journal, the issuers, the files.</summary>
    public static IHostApplicationBuilder AddIssue(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        IssueOptions options = Bind<IssueOptions>(builder, "Issue");
        string? ledger = builder.Configuration["Ledger:ConnectionString"];
        if ((options.ConnectionString is { Length: > 0 } own ? own : ledger) is { Length: > 0 } address)
        {
            var database = new PostgresDatabase(address, PostgresIssueJournal.Schema, options.ConnectionString is { Length: > 0 } ? "Issue:ConnectionString" : "Ledger:ConnectionString");
            builder.Services.AddSingleton<IIssueJournal>(sp => new PostgresIssueJournal(database, sp.GetRequiredService<LeaseOwner>(), sp.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton<IIssuerStore>(sp => new PostgresIssuerStore(database, sp.GetRequiredService<TimeProvider>()));
        }
        else
        {
            var database = new SqliteDatabase(Path.Combine(settings.DataFolder, options.JournalFile));
            builder.Services.AddSingleton<IIssueJournal>(sp => new SqliteIssueJournal(database, sp.GetRequiredService<LeaseOwner>(), sp.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton<IIssuerStore>(sp => new SqliteIssuerStore(database, sp.GetRequiredService<TimeProvider>()));
        }

        builder.Services.AddSingleton(new CredentialFiles(options.BadgeFolder.Length == 0 ? null : Path.Combine(settings.DataFolder, options.BadgeFolder)));
        builder.Services.AddSingleton<IssueDesk>();
        builder.Services.AddSingleton<RevokeDesk>();
        builder.Services.AddSingleton<DocumentPublishing>();
        if (settings.Roles.HasFlag(Roles.Issue))
        {
            builder.Services.AddHostedService(sp => sp.GetRequiredService<DocumentPublishing>());
        }

        return builder;
    }

    /// <summary>Outcomes are closed by the dispatch role: the side that has the ledger.</summary>
    public static IHostApplicationBuilder AddOutcome(this IHostApplicationBuilder builder, WorkerSettings settings) => builder;

    /// <summary>Health over HTTP.</summary>
    public static IHostApplicationBuilder AddOperations(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        OperationsOptions options = Bind<OperationsOptions>(builder, "Operations");
        builder.Services.AddDesks(settings);
        if (builder is WebApplicationBuilder web)
        {
            ((IWebHostBuilder)web.WebHost).UseKestrelCore().UseUrls(options.Address).ConfigureKestrel(k =>
            {
                k.AddServerHeader = false;
                k.Limits.MaxRequestLineSize = 8 * 1024;
                k.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            });
            web.Services.AddRouting();
            web.Services.AddAccess(options, settings);
            web.Services.AddApi();
            web.Services.AddDashboard();
            web.Services.AddAlerts(Bind<AlertOptions>(builder, "Alerts"), options);
            web.Services.AddSingleton<Health>();
            Bind<PublicOptions>(builder, "Public");
            web.Services.AddWallets();
            web.Services.AddSingleton<PublicDocuments>();
            web.Services.AddSingleton<PublicServer>();
            web.Services.AddHostedService(sp => sp.GetRequiredService<PublicServer>());
        }

        return builder;
    }

    /// <summary>Maps the operations' addresses.</summary>
    public static WebApplication MapOperations(this WebApplication app)
    {
        OperationsOptions options = app.Services.GetRequiredService<IOptions<OperationsOptions>>().Value;
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseShield(options.OpenId);
        app.UseRouting();
        app.UseOwnNames(options.Address, app.Services.GetRequiredService<IOptions<AlertOptions>>().Value.PublicAddress);
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapHealth();
        app.MapAccess(options);
        app.MapApi();
        app.MapMetrics();
        app.MapDashboard();
        return app;
    }

    // What stands behind is started first and stopped last: the server takes nothing that could not be stored.
    private static void AddHooks(IServiceCollection services)
    {
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton<HookSecrets>();
        services.AddSingleton<HookDoor>();
        services.AddSingleton<DeliveryRate>();
        services.AddSingleton<HookEndpoint>();
        services.AddSingleton<DeliveryStore>();
        services.AddHostedService(sp => sp.GetRequiredService<DeliveryStore>());
        services.AddHostedService<DeliveryConsumer>();
        services.AddSingleton<HookServer>();
        services.AddHostedService(sp => sp.GetRequiredService<HookServer>());
    }

    // In memory; or in PostgreSQL beside the ledger, shared by all intake workers: each poll is done by one of them, and a dead one's by another.
    private static void ConfigureSchedule(IQuartzBuilder quartz, IServiceCollection services)
    {
        quartz.UseDefaultThreadPool(p => p.MaxConcurrency = 8);
        quartz.ConfigureScheduler(o => o.ShutdownJobInterruption = ShutdownJobInterruption.Always);
        if (services.FirstOrDefault(s => s.ServiceType == typeof(PostgresDatabase))?.ImplementationInstance is not PostgresDatabase database)
        {
            return;
        }

        quartz.ConfigureScheduler(o =>
        {
            o.InstanceName = "credsync";
            o.InstanceId = LocalProcess.Self.ToString();
            o.IdleWaitTime = TimeSpan.FromSeconds(5);
        });
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(database.ConnectionString);
            store.UseSystemTextJsonSerializer();
            store.UseClustering(c =>
            {
                c.CheckinInterval = TimeSpan.FromSeconds(4);
                c.CheckinMisfireThreshold = TimeSpan.FromSeconds(6);
            });
            store.ConfigureStore(o =>
            {
                o.TablePrefix = "qrtz_";
                o.StoreJobDataAsStrings = true;
                o.RecoverFiringsCancelledByShutdown = true;
                o.MisfireThreshold = TimeSpan.FromSeconds(20);
                o.DbRetryInterval = TimeSpan.FromSeconds(2);
            });
        });
    }

    private static void ConfigureEndpoints(IBusRegistrationContext context, IBusFactoryConfigurator bus, Roles roles, Action<IReceiveEndpointConfigurator> prepare)
    {
        if (roles.HasFlag(Roles.Issue))
        {
            foreach (string issuer in context.GetRequiredService<ActiveConfiguration>().Current.Issuers.Select(i => i.Name))
            {
                Receive(QueueNames.OfIssuer(issuer), endpoint =>
                {
                    endpoint.ConfigureConsumer<IssueCredentialConsumer>(context);
                    endpoint.ConfigureConsumer<RevokeCredentialConsumer>(context);
                });
            }
        }

        if (roles.HasFlag(Roles.Dispatch))
        {
            Receive(QueueNames.Outcome, endpoint => endpoint.ConfigureConsumer<OutcomeConsumer>(context));
        }

        void Receive(string queue, Action<IReceiveEndpointConfigurator> consumers) => bus.ReceiveEndpoint(queue, endpoint =>
        {
            prepare(endpoint);
            consumers(endpoint);
        });
    }

    private static T Bind<T>(IHostApplicationBuilder builder, string section)
        where T : class, new()
    {
        builder.Services.AddOptions<T>().Bind(builder.Configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
        return builder.Configuration.GetSection(section).Get<T>() ?? new T();
    }
}
