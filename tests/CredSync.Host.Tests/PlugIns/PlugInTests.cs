using CredSync.Host.Commands;
using CredSync.Host.PlugIns;
using CredSync.Registration;
using Microsoft.Extensions.Configuration;

namespace CredSync.Host.Tests.PlugIns;

/// <summary>Plug-ins are listed by file; what cannot be used is told in one sentence. That a good one works is shown end to end, with the templates.</summary>
public sealed class PlugInTests : IDisposable
{
    private static readonly Version Present = typeof(IAdapterPlugIn).Assembly.GetName().Version!;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_that_is_not_there_is_named_with_the_setting_that_lists_it()
    {
        string path = Path.Combine(folder.Path, "Gone.dll");
        Refusal(path).ShouldBe($"PlugIns:0 names the plug-in '{path}', and there is no such file: build it, or correct the path, which begins at the configuration folder.");
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_refused()
    {
        string path = Path.Combine(folder.Path, "Text.dll");
        File.WriteAllText(path, "not an assembly");
        Refusal(path).ShouldContain("is no .NET assembly that this credsync can load");
    }

    [Fact]
    public void An_assembly_without_the_abstractions_is_refused() =>
        Refusal(WrittenAssembly.Write(folder.Path, "Stranger", "System.Runtime", new Version(10, 0, 0, 0))).ShouldContain("does not use CredSync.Abstractions");

    [Fact]
    public void An_assembly_that_names_no_class_that_registers_is_refused() =>
        Refusal(WrittenAssembly.Write(folder.Path, "Mute", "CredSync.Abstractions", Present)).ShouldContain("'Mute.dll' (PlugIns:0) registers nothing: it needs [assembly: AdapterPlugIn<…>]");

    [Fact]
    public void A_plug_in_that_was_built_against_other_abstractions_says_against_which() =>
        Refusal(WrittenAssembly.Write(folder.Path, "Old", "CredSync.Abstractions", new Version(99, 1, 0, 0)))
            .ShouldBe($"'Old.dll' (PlugIns:0) was built against CredSync.Abstractions 99.1.0, and this credsync has {Present.ToString(3)}: build it again against {Present.ToString(3)}.");

    [Theory]
    [InlineData("1.2.0", "1.2.0", true)]
    [InlineData("1.2.0", "1.4.1", true)]
    [InlineData("1.4.0", "1.2.0", false)]
    [InlineData("2.0.0", "1.9.0", false)]
    [InlineData("1.0.0", "2.0.0", false)]
    [InlineData("0.1.0", "0.1.3", true)]
    [InlineData("0.1.0", "0.2.0", false)]
    public void A_plug_in_fits_the_same_or_a_newer_version_of_the_same_line(string wanted, string present, bool fits) =>
        (PlugInFile.Problem(new Version(wanted), new Version(present)) is null).ShouldBe(fits);

    [Fact]
    public void Relative_paths_begin_at_the_configuration_folder_and_nothing_is_looked_for()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["PlugIns:0"] = "../plugins/A.dll", ["PlugIns:1"] = " ", ["PlugIns:2"] = "/opt/B.dll" }).Build();
        ListedPlugIns.Listed(settings, "/etc/credsync/config").ShouldBe([("PlugIns:0", "/etc/credsync/plugins/A.dll"), ("PlugIns:2", "/opt/B.dll")]);
        WrittenAssembly.Write(folder.Path, "Beside", "CredSync.Abstractions", Present);
        new CommandContext(_ => { }).Catalogue(Settings()).Sources.ShouldBeEmpty();
    }

    [Fact]
    public void A_settings_file_that_is_broken_is_named()
    {
        File.WriteAllText(Path.Combine(folder.Path, "appsettings.json"), "{ \"PlugIns\": [ }");
        Should.Throw<PlugInException>(() => new CommandContext(_ => { }).Catalogue(Settings())).Message.ShouldContain("appsettings.json");
    }

    private WorkerSettings Settings() => new() { ConfigFolder = folder.Path, DataFolder = folder.Path };

    private static string Refusal(string path) => Should.Throw<PlugInException>(() => PlugInFile.Open("PlugIns:0", path)).Message;
}
