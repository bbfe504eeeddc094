using System.CommandLine;
using System.Data.Common;
using CredSync.Host.Commands;
using CredSync.Host.Storage;

namespace CredSync.Host;

/// <summary>The command line of CredSync; an executable calls it with the adapters that it brings.</summary>
public static class CredSyncApp
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="adapters">Adds the adapters and, if wanted, the play world; may be called more than once, each time with an empty builder.</param>
    /// <param name="ct">Cancels the command; it drains what it can.</param>
    /// <returns>The exit code: 0 done, 1 findings, 2 usage or configuration, 3 a dependency is unreachable, 4 work was refused or is in doubt.</returns>
    public static async Task<int> RunAsync(string[] args, Action<CredSyncBuilder> adapters, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(adapters);
        RootCommand root = CreateCommands(adapters);
        ParseResult parsed = root.Parse(args);
        if (args.Length > 0 && WrongArguments.Of(parsed) is { } wrong)
        {
            new Output(json: false).Error(wrong);
            return ExitCodes.Usage;
        }

        if (parsed.Errors.Count > 0)
        {
            await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Error }, ct).ConfigureAwait(false);
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) }, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UsageException or DirectoryNotFoundException or StorageSettingException or PlugIns.PlugInException or Plans.PlanException or People.PeopleException)
        {
            new Output(json: false).Error(e.Message);
            return ExitCodes.Usage;
        }
        catch (Exception e) when (e is StorageException or CollisionException)
        {
            new Output(json: false).Error(e.Message);
            return ExitCodes.Unreachable;
        }
        catch (Exception e) when (Causes(e).Any(c => c is DbException { IsTransient: true }))
        {
            // A library's own exception, such as the scheduler's, around a line that was cut while the worker was starting.
            new Output(json: false).Error("The database went away while this was starting; start it again when the database answers.");
            return ExitCodes.Unreachable;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Done;
        }
        catch (Exception e)
        {
            new Output(json: false).Error($"This should not have happened; please report it with the lines below.{Environment.NewLine}{e}");
            return ExitCodes.Defect;
        }
    }

    private static IEnumerable<Exception> Causes(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    /// <summary>All commands; also read by the test that holds the documents to them.</summary>
    internal static RootCommand CreateCommands(Action<CredSyncBuilder> adapters)
    {
        var context = new CommandContext(adapters);
        var options = new CommonOptions();
        return new RootCommand("CredSync turns finished courses into digital badges: it reads learning platforms, decides by your rules, and has each badge issued once.")
        {
            DemoCommand.Create(context, options),
            RunCommand.Create(context, options),
            LintCommand.Create(context, options),
            TestCommand.Create(context, options),
            PlanCommand.Create(context, options),
            ApplyCommand.Create(context, options),
            ExplainCommand.Create(context, options),
            CoverageCommand.Create(context, options),
            HoldsCommand.Create(context, options),
            PeopleCommand.Create(context, options),
            RevokeCommand.Create(context, options),
            AuditCommand.Create(context, options),
            CheckCommand.Create(context, options),
            SyncCommand.Create(context, options),
            StatusCommand.Create(context, options),
            SourcesCommand.Create(context, options),
            RunsCommand.Create(context, options),
            FailuresCommand.Create(context, options),
            JobsCommand.Create(context, options),
            DoctorCommand.Create(context, options),
            ReconcileCommand.Create(context, options),
            LinkCommand.Create(options),
            KeysCommand.Create(context, options),
            ClaimCommand.Create(context, options),
            ReplayCommand.Create(context, options),
            TraceCommand.Create(context, options),
            VerifyCommand.Create(context, options),
            ExportCommand.Create(context, options),
            SandboxCommand.Create(context, options),
        };
    }
}
