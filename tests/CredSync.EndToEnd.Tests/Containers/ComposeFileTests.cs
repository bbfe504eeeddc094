using CredSync.Host;

namespace CredSync.EndToEnd.Tests.Containers;

public sealed class ComposeFileTests
{
    public static TheoryData<string> ServiceNames => [.. DeploymentFiles.Services().Keys];

    [Fact]
    public void Broker_database_every_role_and_the_play_platforms_are_there()
    {
        DeploymentFiles.Services().Keys.ShouldBe(["intake", "issue", "operations", "sandbox", "postgres", "rabbitmq", "prometheus", "grafana"], ignoreOrder: true);
        Workers().Aggregate(Roles.None, (all, worker) => all | RolesOf(worker)).ShouldBe(Roles.All);
    }

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void A_service_is_watched_and_bounded_and_cannot_write_outside_its_volumes(string name)
    {
        var service = DeploymentFiles.Services()[name];

        service["healthcheck"].ShouldBeOfType<Dictionary<object, object?>>().ShouldContainKey("test");
        service["read_only"].ShouldBe("true");
        service["cap_drop"].ShouldBeOfType<List<object?>>().ShouldContain("ALL");
        service["user"].ShouldBeOfType<string>().ShouldNotStartWith("0");
        service["user"].ShouldNotBe("root");
        service.ShouldContainKey("mem_limit");
        service.ShouldContainKey("cpus");
        service.ShouldContainKey("pids_limit");
        service["image"].ShouldBeOfType<string>().ShouldNotContain(":latest");
    }

    [Fact]
    public void A_worker_is_told_ledger_and_queue_under_the_names_that_it_reads()
    {
        foreach (var worker in Workers())
        {
            var environment = worker["environment"].ShouldBeOfType<Dictionary<object, object?>>();
            environment.ShouldContainKey($"Ledger__{nameof(LedgerOptions.ConnectionString)}");
            environment.ShouldContainKey($"Queue__{nameof(QueueOptions.ConnectionString)}");
            // The health check asks the worker itself.
            RolesOf(worker).HasFlag(Roles.Operations).ShouldBeTrue();
        }
    }

    [Fact]
    public void Nothing_is_published_beyond_this_machine()
    {
        var ports = DeploymentFiles.Services().Values
            .SelectMany(service => service.TryGetValue("ports", out var list) ? ((List<object?>)list!).Cast<string>() : [])
            .ToList();

        ports.ShouldNotBeEmpty();
        ports.ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
    }

    private static IEnumerable<IReadOnlyDictionary<object, object?>> Workers() =>
        DeploymentFiles.Services().Values.Where(service => Command(service).FirstOrDefault() == "run");

    private static List<string> Command(IReadOnlyDictionary<object, object?> service) =>
        service.TryGetValue("command", out var command) ? [.. ((List<object?>)command!).Cast<string>()] : [];

    private static Roles RolesOf(IReadOnlyDictionary<object, object?> worker)
    {
        var command = Command(worker);
        return command[command.IndexOf("--roles") + 1].Split(',').Aggregate(Roles.None, (all, word) => all | Enum.Parse<Roles>(word, ignoreCase: true));
    }
}
