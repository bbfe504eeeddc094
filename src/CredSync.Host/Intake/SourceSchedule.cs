using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace CredSync.Host.Intake;

/// <summary>Gives every configured source its job and trigger when the worker starts: its own interval or cron expression, the first poll at once.</summary>
internal sealed class SourceSchedule(ISchedulerFactory schedulers, ActiveConfiguration active, TimeProvider time) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken).ConfigureAwait(false);
        foreach (SourceDefinition source in active.Current.Sources.Where(s => !s.Paused))
        {
            IJobDetail job = JobBuilder.Create<PollSourceJob>().WithIdentity(source.Name).UsingJobData(PollSourceJob.SourceKey, source.Name).StoreDurably().Build();
            await scheduler.ScheduleJob(job, TriggersOf(source), ScheduleJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A missed poll is made up once, not as often as it was missed: the next page holds everything anyway.
    private List<ITrigger> TriggersOf(SourceDefinition source)
    {
        if (source.Cron is { } cron)
        {
            return
            [
                TriggerBuilder.Create(time).WithIdentity(source.Name).WithCronSchedule(cron, c => c.WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)).Build(),
                TriggerBuilder.Create(time).WithIdentity($"{source.Name}-first").StartNow().Build(),
            ];
        }

        return
        [
            TriggerBuilder.Create(time).WithIdentity(source.Name).StartNow()
                .WithSimpleSchedule(s => s.WithInterval(source.Every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount)).Build(),
        ];
    }
}
