using CredSync.Core.Configuration;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Tests.Settings;

/// <summary>How infrastructure settings reach the worker.</summary>
public sealed class InfrastructureTests
{
    [Fact]
    public void A_setting_that_is_empty_on_purpose_stays_empty()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "appsettings.json"), """{ "Issue": { "BadgeFolder": "", "JournalFile": "other.db" } }""");
        File.WriteAllText(Path.Combine(folder.Path, "credsync.yaml"), "organisation: { name: Northwind, namespace: northwind.example, time_zone: UTC }\n");
        var settings = new WorkerSettings { ConfigFolder = folder.Path, DataFolder = folder.Path, Roles = Roles.Issue, LogToTerminal = false };
        (ConfigurationFolder read, ConfigurationResult result, SecretReader secrets) = Worker.ReadConfiguration(settings, new AdapterCatalogue([], []));
        using IHost host = Worker.Build(settings, static _ => { }, read, result.Configuration!, secrets);
        IssueOptions issue = host.Services.GetRequiredService<IConfiguration>().GetSection("Issue").Get<IssueOptions>()!;
        (issue.BadgeFolder, issue.JournalFile).ShouldBe(("", "other.db"));
    }
}
