using CredSync.Core.Configuration;
using CredSync.Issuers;
using CredSync.Registration;
using CredSync.Sources;

namespace CredSync.Core.Tests.Configuration;

/// <summary>The configuration that ships, and play adapters with the settings that the part of it uses which needs Moodle alone.</summary>
internal static class Shipped
{
    public static readonly AdapterCatalogue Adapters = new(
        [
            new SourceAdapter("moodle", "A Moodle site.", typeof(PlayMoodleOptions), NoSource) { Webhooks = WebhookTrust.Hint },
            new SourceAdapter("edx", "An Open edX site.", typeof(PlayEdxOptions), NoSource) { GivesEmail = options => ((PlayEdxOptions)options).Accounts },
            new SourceAdapter("csv", "Files.", typeof(PlayCsvOptions), NoSource),
            new SourceAdapter("http-json", "A JSON API.", typeof(PlayHttpJsonOptions), NoSource) { GivesScore = options => ((PlayHttpJsonOptions)options).Fields.ContainsKey("score") },
            new SourceAdapter("xapi", "A learning record store.", typeof(PlayXapiOptions), NoSource) { Webhooks = WebhookTrust.Fact },
        ],
        [
            new IssuerAdapter("open-badges", "The built-in issuer.", typeof(PlayBadgesOptions), NoIssuer) { Revokes = true },
            new IssuerAdapter("credly", "A hosted issuer.", typeof(PlayCredlyOptions), NoIssuer) { Revokes = true, Capabilities = new() { NeedsEmail = true, NeedsTemplate = true } },
            new IssuerAdapter("paper", "An issuer that can do little.", typeof(PlayPaperOptions), NoIssuer) { Capabilities = new() { Expiry = false } },
        ]);

    public static readonly IReadOnlyDictionary<string, string> NoOverrides = new Dictionary<string, string>();

    public static string Root { get; } = FindRoot();

    /// <summary>All of it.</summary>
    public static IReadOnlyList<ConfigurationFile> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "config"), "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => new ConfigurationFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path))),
    ];

    /// <summary>The part that needs Moodle alone: what a source that waits for its account does not touch.</summary>
    public static IReadOnlyList<ConfigurationFile> Files { get; } = [.. All.Where(f => !Waiting.Any(source => f.Text.Contains(source, StringComparison.Ordinal)))];

    public static Secret Secret(string reference) => new(reference, () => "revealed");

    public static ConfigurationResult Read(IReadOnlyList<ConfigurationFile> files, IReadOnlyDictionary<string, string>? overrides = null) =>
        ConfigurationReader.Read(files, Adapters, Secret, overrides ?? NoOverrides);

    private static ICompletionSource NoSource(IServiceProvider services, SourceIdentity identity, object options) => throw new NotSupportedException("No test creates a source.");

    private static ICredentialIssuer NoIssuer(IServiceProvider services, IssuerIdentity identity, object options) => throw new NotSupportedException("No test creates an issuer.");

    private static IEnumerable<string> Waiting => All.Where(f => f.Path.StartsWith("config/sources/", StringComparison.Ordinal) && f.Text.Contains("\npaused: true", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f.Path));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CredSync.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
