using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace CredSync.Host.Intake;

/// <summary>Gives every configured source its job and trigger when the worker starts: its own interval or cron expression, the first poll at once.</summary>
internal sealed class SourceSchedule(ISchedulerFactory schedulers, ActiveConfiguration active) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken).ConfigureAwait(false);
        foreach (SourceDefinition source in active.Current.Sources.Where(s => !s.Paused))
        {
            IJobDetail job = JobBuilder.Create<PollSourceJob>().WithIdentity(source.Name).UsingJobData(PollSourceJob.SourceKey, source.Name).StoreDurably().Build();
            await scheduler.ScheduleJob(job, TriggersOf(source), replace: true, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static List<ITrigger> TriggersOf(SourceDefinition source)
    {
        TriggerBuilder trigger = TriggerBuilder.Create().WithIdentity(source.Name);
        return source.Cron is { } cron
            ? [trigger.WithCronSchedule(cron, c => c.WithMisfireHandlingInstructionFireAndProceed()).Build(), TriggerBuilder.Create().WithIdentity($"{source.Name}-first").StartNow().Build()]
            : [trigger.StartNow().WithSimpleSchedule(s => s.WithInterval(source.Every).RepeatForever().WithMisfireHandlingInstructionNextWithRemainingCount()).Build()];
    }
}
