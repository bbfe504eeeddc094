using DotNet.Testcontainers.Builders;

namespace CredSync.EndToEnd.Tests.Containers;

/// <summary>What a test may expect of the machine: a container engine, or a clear word that there is none.</summary>
/// <remarks>The variables are printed by <c>tests/containers/up.sh</c>; without them the official images are used.</remarks>
internal static class ContainerEngine
{
    public static string RabbitMqImage => Variable("CREDSYNC_TEST_RABBITMQ_IMAGE") ?? "rabbitmq:4-management";

    public static string PostgresImage => Variable("CREDSYNC_TEST_POSTGRES_IMAGE") ?? "postgres:17";

    /// <summary>The run that started a container, so that <c>tests/run.sh</c> can remove what a crashed test host left behind.</summary>
    public static string Run => Variable("CREDSYNC_TEST_RUN") ?? "by-hand";

    private static bool LeftOut => Variable("CREDSYNC_TEST_CONTAINERS") == "off";

    private static bool InCi => Variable("CI") == "true";

    /// <summary>Runs <paramref name="start"/>; without a container engine the test is skipped, and in CI it fails.</summary>
    public static async Task<T> RequireAsync<T>(Func<Task<T>> start)
    {
        if (LeftOut && !InCi)
        {
            Assert.Skip("Needs a container, and containers are left out of this run (CREDSYNC_TEST_CONTAINERS=off).");
        }

        try
        {
            return await start();
        }
        catch (DockerUnavailableException) when (!InCi)
        {
            Assert.Skip("No container engine answers; `bash tests/run.sh` brings one up.");
            throw;
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
