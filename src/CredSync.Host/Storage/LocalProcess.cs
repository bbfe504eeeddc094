using System.Diagnostics;
using System.Globalization;

namespace CredSync.Host.Storage;

/// <summary>What this machine knows of its own processes.</summary>
internal static class LocalProcess
{
    /// <summary>The owner that leases of this process carry.</summary>
    public static LeaseOwner Self { get; } = Describe();

    /// <summary>Whether a process of this machine that started at a given time still runs; ids are reused, start times are not.</summary>
    /// <param name="id">Process id.</param>
    /// <param name="started">Start time, ticks UTC, as in <see cref="LeaseOwner"/>.</param>
    public static bool IsAlive(int id, long started)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited && Math.Abs(process.StartTime.ToUniversalTime().Ticks - started) < TimeSpan.TicksPerSecond;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Whether the owner of a lease died on this very machine, so that its lease need not run out. False when it lives, or runs elsewhere.</summary>
    /// <param name="held">The lease's owner, as <see cref="LeaseOwner.ToString"/> wrote it.</param>
    /// <param name="self">The owner who asks; names this machine.</param>
    public static bool IsGone(string held, LeaseOwner self)
    {
        string[] parts = held.Split(':');
        return parts.Length == 3 && parts[0] == self.Machine && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int process)
            && long.TryParse(parts[2], CultureInfo.InvariantCulture, out long started) && !IsAlive(process, started);
    }

    private static LeaseOwner Describe()
    {
        using Process self = Process.GetCurrentProcess();
        return new LeaseOwner(Environment.MachineName.Replace(':', '-'), self.Id, self.StartTime.ToUniversalTime().Ticks);
    }
}
