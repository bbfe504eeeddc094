namespace CredSync.Architecture.Tests;

/// <summary>The rules of DESIGN about who may know whom.</summary>
public sealed class RoomTests
{
    public static TheoryData<string, string[]> MayReference => new()
    {
        { "CredSync.Abstractions", [] },
        { "CredSync.OpenBadges", [] },
        { "CredSync.Core", ["CredSync.Abstractions"] },
        { "CredSync.Sources", ["CredSync.Abstractions"] },
        { "CredSync.Issuers", ["CredSync.Abstractions", "CredSync.OpenBadges"] },
        { "CredSync.Conformance", ["CredSync.Abstractions"] },
        { "CredSync.Host", ["CredSync.Abstractions", "CredSync.Conformance", "CredSync.Core"] },
        { "CredSync.Sandbox", [] },
        { "credsync", ["CredSync.Abstractions", "CredSync.Host", "CredSync.Sources", "CredSync.Issuers", "CredSync.Sandbox"] },
    };

    [Theory, MemberData(nameof(MayReference))]
    public void A_room_references_only_the_rooms_that_it_may_know(string room, string[] allowed)
    {
        System.Reflection.Assembly assembly = Rooms.All.Single(a => a.GetName().Name == room);
        assembly.GetReferencedAssemblies().Select(r => r.Name!).Where(n => n.StartsWith("CredSync", StringComparison.OrdinalIgnoreCase)).Except(allowed).ShouldBeEmpty();
    }

    [Fact]
    public void Every_room_is_watched() => Rooms.All.Count.ShouldBe(MayReference.Count);

    [Fact]
    public void The_watch_sees_what_is_there()
    {
        Rooms.Uses("CredSync.Host.Dispatch", "MassTransit").ShouldNotBeEmpty();
        Rooms.Uses("CredSync.Host.Intake", "Quartz").ShouldNotBeEmpty();
        Rooms.Uses("CredSync.Host.Commands", "System.IO.File").ShouldNotBeEmpty();
        Rooms.Uses("CredSync.Host.Commands", "System.Threading.Tasks").ShouldNotBeEmpty();
    }

    [Fact]
    public void Core_names_no_file_network_clock_task_or_container_type() =>
        Rooms.Uses(
            "CredSync.Core",
            "System.IO.File", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.StreamReader", "System.Net",
            "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Threading.Tasks", "System.Threading.Thread", "System.Threading.Timer", "Microsoft.Extensions", "System.Console", "System.Environment").ShouldBeEmpty();

    [Fact]
    public void MassTransit_stays_in_dispatch_issue_outcome_and_the_registration_file() =>
        Outside("MassTransit", "CredSync.Host.Dispatch", "CredSync.Host.Issue", "CredSync.Host.Outcome", "CredSync.Host.CredSyncRegistration").ShouldBeEmpty();

    [Fact]
    public void Quartz_stays_in_intake_and_the_registration_file() =>
        Outside("Quartz", "CredSync.Host.Intake", "CredSync.Host.CredSyncRegistration").ShouldBeEmpty();

    [Fact]
    public void The_issue_room_and_the_ledger_do_not_know_each_other()
    {
        Rooms.Uses("CredSync.Host.Issue", "CredSync.Host.Ledger").ShouldBeEmpty();
        Rooms.Uses("CredSync.Host.Ledger", "CredSync.Host.Issue").ShouldBeEmpty();
    }

    [Fact]
    public void No_room_calls_back_into_one_before_it()
    {
        Rooms.Uses("CredSync.Host.Dispatch", "CredSync.Host.Intake", "CredSync.Host.Issue", "CredSync.Host.Outcome").ShouldBeEmpty();
        Rooms.Uses("CredSync.Host.Issue", "CredSync.Host.Intake", "CredSync.Host.Dispatch", "CredSync.Host.Outcome").ShouldBeEmpty();
        Rooms.Uses("CredSync.Host.Outcome", "CredSync.Host.Intake", "CredSync.Host.Dispatch", "CredSync.Host.Issue").ShouldBeEmpty();
    }

    [Fact]
    public void Rooms_do_not_know_the_commands()
    {
        foreach (string room in new[] { "Intake", "Ledger", "Dispatch", "Issue", "Outcome", "RuleBooks", "Operations", "Storage", "Telemetry" })
        {
            Rooms.Uses($"CredSync.Host.{room}", "CredSync.Host.Commands").ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("CredSync.Sources", "Http Statements")]
    [InlineData("CredSync.Issuers", "Http")]
    public void One_adapter_folder_does_not_name_another(string room, string shared)
    {
        string[] folders = [.. Rooms.All.Single(a => a.GetName().Name == room).GetTypes()
            .Select(t => t.Namespace ?? "").Where(n => n.StartsWith(room + ".", StringComparison.Ordinal)).Select(n => n.Split('.')[2]).Where(f => !shared.Split(' ').Contains(f)).Distinct()];
        folders.ShouldNotBeEmpty();
        foreach (string folder in folders)
        {
            Rooms.Uses($"{room}.{folder}", [.. folders.Where(f => f != folder).Select(f => $"{room}.{f}")]).ShouldBeEmpty();
        }
    }

    private static List<string> Outside(string library, params string[] allowed) =>
    [
        .. Rooms.Dependencies()
            .Where(d => Rooms.IsBelow(d.Named, library) && !allowed.Any(a => Rooms.IsBelow(d.Type.FullName, a)))
            .Select(d => $"{d.Type.FullName} names {d.Named}")
            .Distinct(),
    ];
}
