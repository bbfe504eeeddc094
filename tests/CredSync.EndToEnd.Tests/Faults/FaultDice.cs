namespace CredSync.EndToEnd.Tests.Faults;

/// <summary>The faults, thrown by dice; the expensive ones (a server restarted) in turn. Only what really happened is counted.</summary>
internal sealed class FaultDice(FaultyPlant plant, Random dice)
{
    private static readonly TimeSpan TrapPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeProvider Time = TimeProvider.System;
    private int turns;

    /// <summary>How many of each kind.</summary>
    public Dictionary<string, int> Counts { get; } = [];

    public int Total => Counts.Values.Sum();

    /// <summary>Injects the next.</summary>
    public async Task NextAsync(CancellationToken ct)
    {
        turns++;
        if (turns % 150 == 60)
        {
            await plant.RestartAsync(broker: true, ct);
            Count("RabbitMQ restarted");
            return;
        }

        if (turns % 150 == 120)
        {
            await plant.RestartAsync(broker: false, ct);
            Count("PostgreSQL restarted");
            return;
        }

        if (turns % 50 == 25)
        {
            Count("PostgreSQL crashed and recovered", await plant.CrashDatabaseAsync(ct));
            return;
        }

        FaultyLine line = dice.Next(2) == 0 ? plant.DatabaseLine : plant.BrokerLine;
        string server = line == plant.DatabaseLine ? "PostgreSQL" : "RabbitMQ";
        switch (dice.Next(20))
        {
            case < 3:
                Count("a worker killed (SIGKILL)", await plant.KillAsync(dice.Next(4)));
                break;
            case < 7:
                line.Cut();
                Count($"connections to {server} cut");
                break;
            case < 10:
                Count("cut after the database's commit, before its answer", await plant.DatabaseLine.CutBeforeAnswerAsync("COMMIT"u8.ToArray(), TrapPatience, ct));
                break;
            case < 12:
                Count("cut after a message was taken, before its confirmation", await plant.BrokerLine.CutBeforeAnswerAsync("urn:message:CredSync"u8.ToArray(), TrapPatience, ct));
                break;
            case < 14:
                line.Delay = dice.Next(20, 150);
                await WaitAsync(500, ct);
                line.Delay = 0;
                Count($"a slow line to {server}");
                break;
            case < 16:
                line.Loses = true;
                await WaitAsync(400, ct);
                line.Loses = false;

                // A stream that lost a piece can only end; a real network would break it off as well, only later.
                line.Cut();
                Count($"everything lost on the line to {server} for a while");
                break;
            default:
                Count("messages delivered again, in another order", await plant.Eavesdropper.RepeatAsync(10, dice, ct) > 0);
                break;
        }
    }

    private Task WaitAsync(int most, CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(dice.Next(50, most)), Time, ct);

    private void Count(string kind, bool happened = true)
    {
        if (happened)
        {
            Counts[kind] = Counts.GetValueOrDefault(kind) + 1;
        }
    }
}
