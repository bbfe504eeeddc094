using CredSync.Core.Configuration;
using CredSync.Registration;

namespace CredSync.Benchmarks;

/// <summary>Configurations of any size, as texts.</summary>
internal static class PlayConfiguration
{
    /// <summary>Adapters without settings.</summary>
    public static AdapterCatalogue Adapters { get; } = new(
        [new SourceAdapter("play", "A play source.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException())],
        [new IssuerAdapter("play", "A play issuer.", typeof(NoOptions), (_, _, _) => throw new InvalidOperationException())]);

    /// <summary>The files: one credential each for courses C-0, C-1, …; every tenth asks for two courses, every hundredth for a glob.</summary>
    public static IReadOnlyList<ConfigurationFile> Files(int credentials) =>
    [
        new("credsync.yaml", "organisation: { name: Bench, namespace: bench.example, time_zone: UTC }\ndefaults: { issuer: press }\n"),
        new("sources/play.yaml", "source: play\nadapter: play\nevery: 5m\n"),
        new("issuers/press.yaml", "issuer: press\nadapter: play\n"),
        .. Enumerable.Range(0, credentials).Select(i => new ConfigurationFile($"credentials/badge-{i}.yaml", Credential(i))),
    ];

    /// <summary>Reads files; they must be good.</summary>
    public static Configuration Read(IReadOnlyList<ConfigurationFile> files)
    {
        ConfigurationResult result = ConfigurationReader.Read(files, Adapters, r => new Secret(r, () => ""), new Dictionary<string, string>());
        return result.Configuration ?? throw new InvalidOperationException(string.Join('\n', result.Findings.Take(5)));
    }

    private static string Credential(int i)
    {
        string earn = i switch
        {
            _ when i % 100 == 99 => $"  course: {{ source: play, key: \"G{i}-*\" }}",
            _ when i % 10 == 9 => $"  all:\n    - course: {{ source: play, key: C-{i}, score: \">= 80 %\" }}\n    - course: {{ source: play, key: C-{i - 1} }}",
            _ => $"  course: {{ source: play, key: C-{i}, score: \">= 60 %\" }}",
        };
        return $"credential: badge-{i}\nname: Badge {i}\ndescription: Knows subject {i} of the catalogue.\ncriteria: Complete the course of subject {i}.\nskills: [Subject {i}]\nearn:\n{earn}\ntests:\n  - name: nothing earns nothing\n    events: []\n    expect:\n      - {{ earned: never }}\n";
    }

    private sealed class NoOptions;
}
