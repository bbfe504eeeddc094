using System.Runtime.CompilerServices;
using CredSync.Adapters.Tests.Conformance;
using CredSync.Adapters.Tests.Issuers;
using CredSync.Conformance;
using CredSync.Conformance.Issuers;
using CredSync.Conformance.Sources;

namespace CredSync.Adapters.Tests.Docs;

/// <summary>The page for authors of adapters explains every case of the kit, and none that is not there.</summary>
public sealed class KitPageTests
{
    [Fact]
    public void Every_case_of_the_kit_is_explained()
    {
        string[] explained = [.. File.ReadAllLines(Page()).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Split('|')[1].Trim())];
        string[] cases = [.. Cases().Select(c => c.Name).Distinct()];
        cases.Length.ShouldBeGreaterThan(40);
        cases.Except(explained).ShouldBeEmpty();
    }

    private static IEnumerable<ConformanceCase> Cases() =>
    [
        .. SourceConformance.For(new SourceUnderTest
        {
            Name = "kit",
            Create = platform => new KitSource(platform, Defect.None),
            Platform = () => new KitPlatform(),
            Holds = ["k1", "k2"],
            OptionsType = typeof(KitOptions),
            OldCursors = ["v0:2"],
            Deliveries = [new() { Id = "d", ReceivedAt = default, Body = default }],
            PlatformWithAnUnreadableRecord = () => new KitPlatform(),
            PlatformThatRepeatsAPage = () => new KitPlatform(),
        }),
        .. SourceConformance.ReadOnly(new LiveSource { Name = "kit", Create = around => new KitSource(around(new KitPlatform()), Defect.None), OptionsType = typeof(KitOptions) }),
        .. IssuerConformance.For(new IssuerUnderTest
        {
            Create = platform => new KitIssuer(platform, IssuerDefect.None),
            Platform = () => new KitIssuerPlatform().Seen,
            Request = RemoteRequests.For("kit-template"),
            OptionsType = typeof(KitOptions),
        }),
    ];

    private static string Page([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "writing-a-source.md");
}
