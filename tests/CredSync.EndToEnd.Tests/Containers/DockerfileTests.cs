using System.Xml.Linq;
using CredSync.Host;

namespace CredSync.EndToEnd.Tests.Containers;

public sealed class DockerfileTests
{
    [Fact]
    public void Every_project_of_the_executable_has_its_packages_restored_in_the_early_layer()
    {
        var copied = DeploymentFiles.DockerInstructions().Where(i => i.StartsWith("COPY src/CredSync", StringComparison.Ordinal));
        var expected = ProjectsOf("CredSync")
            .Select(name => $"COPY src/{name}/{name}.csproj src/{name}/packages.lock.json src/{name}/");

        copied.ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public void Base_images_can_be_replaced_and_the_image_does_not_run_as_root()
    {
        var instructions = DeploymentFiles.DockerInstructions();

        instructions.Where(i => i.StartsWith("FROM ", StringComparison.Ordinal)).ShouldBe(["FROM ${SDK_IMAGE} AS build", "FROM ${RUNTIME_IMAGE}"]);
        instructions.Last(i => i.StartsWith("USER ", StringComparison.Ordinal)).ShouldBe("USER 1654:1654");
    }

    [Fact]
    public void The_ports_that_are_exposed_are_those_that_operators_platforms_and_the_public_are_answered_at()
    {
        var instructions = DeploymentFiles.DockerInstructions();
        var ports = instructions.Single(i => i.StartsWith("EXPOSE ", StringComparison.Ordinal))["EXPOSE ".Length..].Split(' ');
        string[] sections = ["Operations", "Hooks", "Public"];

        ports.Length.ShouldBe(sections.Length);
        foreach ((string section, string port) in sections.Zip(ports))
        {
            instructions.ShouldContain($"ENV {section}__{nameof(OperationsOptions.Address)}=http://0.0.0.0:{port}");
        }
    }

    private static SortedSet<string> ProjectsOf(string name)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal) { name };
        var project = XDocument.Load(Path.Combine(DeploymentFiles.Root, "src", name, name + ".csproj"));
        foreach (var reference in project.Descendants("ProjectReference"))
        {
            found.UnionWith(ProjectsOf(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)));
        }

        return found;
    }
}
