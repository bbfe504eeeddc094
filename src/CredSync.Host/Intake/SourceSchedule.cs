using System.Globalization;
using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace CredSync.Host.Intake;

/// <summary>
/// Gives every configured source its job and trigger when the worker starts: its own interval or cron expression, the first poll at once. In a schedule that workers
/// share, a source whose schedule stands as configured is left alone, and a job that a dead worker left is run again by another.
/// </summary>
internal sealed class SourceSchedule(ISchedulerFactory schedulers, ActiveConfiguration active, TimeProvider time) : IHostedService
{
    private const string ScheduleKey = "schedule";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken).ConfigureAwait(false);
        foreach (SourceDefinition source in active.Current.Sources)
        {
            if (source.Paused)
            {
                await scheduler.DeleteJob(new JobKey(source.Name), cancellationToken).ConfigureAwait(false);
                continue;
            }

            TimeZoneInfo zone = TimeZones.Find(active.Current.Organisation.TimeZone);
            string schedule = source.Cron is { } cron ? $"{cron} {zone.Id}" : source.Every.ToString("c", CultureInfo.InvariantCulture);
            if (await StandsAsync(scheduler, source.Name, schedule, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            IJobDetail job = JobBuilder.Create<PollSourceJob>().WithIdentity(source.Name)
                .UsingJobData(PollSourceJob.SourceKey, source.Name).UsingJobData(ScheduleKey, schedule).StoreDurably().RequestRecovery().Build();
            await scheduler.ScheduleJob(job, TriggersOf(source, zone, time), ScheduleJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<bool> StandsAsync(IScheduler scheduler, string source, string schedule, CancellationToken ct) =>
        await scheduler.GetJobDetail(new JobKey(source), ct).ConfigureAwait(false) is { } job && job.JobDataMap.GetString(ScheduleKey) == schedule
        && await scheduler.GetTrigger(new TriggerKey(source), ct).ConfigureAwait(false) is not null;

    /// <summary>When a source is read. A missed poll is made up once, not as often as it was missed: the next page holds everything anyway.</summary>
    /// <param name="source">The source.</param>
    /// <param name="zone">The organisation's time zone, which a cron expression is written in.</param>
    /// <param name="time">The clock.</param>
    internal static IReadOnlyList<ITrigger> TriggersOf(SourceDefinition source, TimeZoneInfo zone, TimeProvider time)
    {
        if (source.Cron is { } cron)
        {
            return
            [
                TriggerBuilder.Create(time).WithIdentity(source.Name).WithCronSchedule(cron, c => c.InTimeZone(zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)).Build(),
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
