using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CredSync.EndToEnd.Tests.Templates;

/// <summary>
/// A source and an issuer as somebody has them a minute after <c>dotnet new</c>: CredSync's packages are made of what is built here, the templates are
/// installed from them, and both projects are built. All other packages come from the cache that the repository was restored to; no feed is asked.
/// </summary>
public sealed class CreatedProjects : IAsyncLifetime
{
    private static readonly string[] Packed = ["Abstractions", "Conformance", "Core", "Host", "Issuers", "OpenBadges", "Sources", "Templates"];

    private readonly string folder = Directory.CreateTempSubdirectory("credsync-templates-").FullName;

    /// <summary>The source's project, called <c>Lighthouse</c>.</summary>
    public string Source => Path.Combine(folder, "Lighthouse");

    /// <summary>The issuer's project, called <c>Goldsmith</c>.</summary>
    public string Issuer => Path.Combine(folder, "Goldsmith");

    /// <summary>What the two builds said.</summary>
    public IReadOnlyDictionary<string, string> Builds { get; private set; } = new Dictionary<string, string>();

    private static string Configuration => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private string Packages => Path.Combine(folder, "packages");

    /// <summary>A program or library that a project's build made.</summary>
    /// <param name="project">The project's folder.</param>
    /// <param name="part">The part: <c>src/Lighthouse.Worker</c>.</param>
    public static string Built(string project, string part) => Path.Combine(project, part, "bin", "Debug", "net10.0", Path.GetFileName(part) + ".dll");

    public async ValueTask InitializeAsync()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        Directory.CreateDirectory(Packages);
        string feed = Path.Combine(folder, "feed.proj");
        await File.WriteAllTextAsync(feed, $"""
            <Project>
              <Target Name="Build">
                <MSBuild Projects="{string.Join(';', Packed.Select(p => Path.Combine(Root(), "src", "CredSync." + p, $"CredSync.{p}.csproj")))}" Targets="Pack" BuildInParallel="true"
                         Properties="NoBuild=true;Configuration={Configuration};PackageOutputPath={Packages}" />
              </Target>
            </Project>
            """, ct);
        await MustAsync(folder, ct, "msbuild", feed, "-nologo", "-v:quiet");

        // The installed templates of whoever runs this are left alone.
        Dictionary<string, string> home = new() { ["DOTNET_CLI_HOME"] = Path.Combine(folder, "home") };
        await MustAsync(folder, home, ct, "new", "install", Directory.EnumerateFiles(Packages, "CredSync.Templates.*.nupkg").Single());
        await MustAsync(folder, home, ct, "new", "credsync-source", "--name", "Lighthouse", "--packages", Packages);
        await MustAsync(folder, home, ct, "new", "credsync-issuer", "--name", "Goldsmith", "--packages", Packages);
        string[] said = await Task.WhenAll(BuildAsync(Source, ct), BuildAsync(Issuer, ct));
        Builds = new Dictionary<string, string> { [Source] = said[0], [Issuer] = said[1] };
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task<string> BuildAsync(string project, CancellationToken ct) => MustAsync(
        project, new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(folder, "cache-" + Path.GetFileName(project)) }, ct,
        "build", Path.GetFileName(project) + ".slnx", "-nologo", "-v:minimal", $"-p:RestoreSources={Packages}", $"-p:RestoreFallbackFolders={Restored()}", "-p:NuGetAudit=false", "-p:UseSharedCompilation=false");

    private static Task<string> MustAsync(string folder, CancellationToken ct, params string[] arguments) => MustAsync(folder, new Dictionary<string, string>(), ct, arguments);

    private static async Task<string> MustAsync(string folder, Dictionary<string, string> environment, CancellationToken ct, params string[] arguments)
    {
        (int code, string output) = await DotNet.RunAsync(folder, environment, ct, arguments);
        code.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Where the repository's own packages were restored to.</summary>
    private static string Restored()
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "src", "CredSync.Host", "obj", "project.assets.json")));
        return assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
