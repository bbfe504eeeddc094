using CredSync.Host;
using CredSync.Sandbox;
using CredSync.Sandbox.Moodle;
using CredSync.Sandbox.Northwind;

namespace CredSync;

/// <summary>The play platforms of Northwind, an invented company, in the terms of the shipped configuration.</summary>
internal sealed class NorthwindWorld : IPlayWorld
{
    private readonly SandboxServer server;
    private readonly NorthwindCompany company;
    private readonly NorthwindIssuers issuers;
    private readonly string records;

    private NorthwindWorld(SandboxServer server, NorthwindCompany company, NorthwindIssuers issuers, string records)
    {
        this.server = server;
        this.company = company;
        this.issuers = issuers;
        this.records = records;
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Description =>
    [
        $"A play Moodle of Northwind, an invented company, listens at {company.Moodle.Address}",
        $"A play Coursera for Business listens at {company.Coursera.Address}",
        $"A play Open edX listens at {company.Edx.Address}, as edX for Business too (enterprise {company.Edx.World.EnterpriseId}, the same client)",
        $"A play learning record store listens at {company.Lrs.Address}",
        $"A play vendor with a JSON API listens at {company.Api.Address}v1/completions",
        $"A play personnel office writes CSV files into {records}",
    ];

    /// <inheritdoc />
    public IReadOnlyList<string> Beside => issuers.Description;

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> Overrides => new Dictionary<string, string>
    {
        ["sources.moodle-hr.address"] = At(company.Moodle),
        ["sources.moodle-hr.reverify_slices"] = "1",
        ["sources.edx-campus.reverify_slices"] = "1",
        ["sources.coursera-academy.address"] = At(company.Coursera),
        ["sources.coursera-academy.paused"] = "false",
        ["sources.edx-campus.address"] = At(company.Edx),
        ["sources.edx-campus.paused"] = "false",
        ["sources.lrs-content.address"] = At(company.Lrs),
        ["sources.lrs-content.paused"] = "false",
        ["sources.roadwise.address"] = At(company.Api) + "/v1/completions",
        ["sources.roadwise.paused"] = "false",
        ["sources.hr-records.path"] = records,
        ["sources.hr-records.settle"] = "0s",
        ["sources.hr-records.paused"] = "false",
    };

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string>
    {
        ["env:MOODLE_HR_TOKEN"] = NorthwindScript.Token,
        ["env:COURSERA_KEY"] = company.Coursera.World.AppKey,
        ["env:COURSERA_SECRET"] = company.Coursera.World.AppSecret,
        ["env:EDX_CLIENT_ID"] = company.Edx.World.ClientId,
        ["env:EDX_CLIENT_SECRET"] = company.Edx.World.ClientSecret,
        ["env:LRS_KEY"] = company.Lrs.World.Key,
        ["env:LRS_SECRET"] = company.Lrs.World.Secret,
        ["env:ROADWISE_TOKEN"] = company.Api.World.Token,
    };

    /// <inheritdoc />
    public DateTimeOffset Ends => company.Ends.AddDays(1);

    /// <inheritdoc />
    public int Steps => company.Steps;

    /// <inheritdoc />
    public int CompletionsAtEnd => company.CompletionsAtEnd;

    /// <summary>Starts the platforms.</summary>
    public static async Task<IPlayWorld> StartAsync(int seed, int port, CancellationToken ct)
    {
        string records = Directory.CreateTempSubdirectory("credsync-play-records-").FullName;
        try
        {
            NorthwindCompany company = NorthwindCompany.Create(seed, records);
            var issuers = new NorthwindIssuers();
            SandboxServer server = await SandboxServer.StartAsync([.. company.Platforms, .. issuers.Platforms], new SandboxOptions { Port = port }, ct).ConfigureAwait(false);
            return new NorthwindWorld(server, company, issuers, records);
        }
        catch
        {
            Directory.Delete(records, recursive: true);
            throw;
        }
    }

    /// <inheritdoc />
    public Task<string?> AdvanceAsync(CancellationToken ct) => Task.FromResult(company.PlayNext());

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(records, recursive: true);
    }

    private static string At(PlayPlatform platform) => platform.Address.ToString().TrimEnd('/');
}
