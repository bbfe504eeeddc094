using CredSync.Core.Configuration.Yaml;
using CredSync.Core.Rules;
using CredSync.Issuers;
using CredSync.Registration;

namespace CredSync.Core.Configuration.Files;

/// <summary>What a definition asks of its issuers that they cannot do, by the manifests of their adapters.</summary>
internal sealed class IssuerLint(AdapterCatalogue adapters, IReadOnlyList<IssuerDefinition> issuers, IReadOnlyList<SourceDefinition> sources)
{
    /// <summary>Checks a definition.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="root">Its file, for the places.</param>
    /// <param name="findings">Receives what is found.</param>
    public void Check(CredentialDefinition definition, MappingNode root, FindingList findings)
    {
        foreach (IssuerChoice choice in definition.Issuers)
        {
            if (issuers.FirstOrDefault(i => i.Name == choice.Issuer) is { } issuer && adapters.Issuers.FirstOrDefault(a => a.Name == issuer.Adapter) is { } adapter)
            {
                Check(definition, choice, adapter, PlaceOf(root, choice.Issuer), root, findings);
            }
        }
    }

    private void Check(CredentialDefinition definition, IssuerChoice choice, IssuerAdapter adapter, FilePosition place, MappingNode root, FindingList findings)
    {
        IssuerCapabilities can = adapter.Capabilities;
        string name = Show.Text(choice.Issuer);
        if (can.NeedsTemplate && string.IsNullOrWhiteSpace(choice.Template))
        {
            findings.Add(Codes.NoTemplate, place, $"The issuer '{name}' ({adapter.Name}) awards its own templates, and none is named.", "add template: with the template's id there");
        }

        if (!can.Expiry && definition.Validity is not null)
        {
            findings.Add(Codes.NoExpiry, root.PositionOf("valid"), $"The issuer '{name}' ({adapter.Name}) cannot let a credential expire.", "remove 'valid', or choose another issuer");
        }

        if (!adapter.Revokes && definition.OnRevoked == RevocationPolicy.Revoke)
        {
            findings.Add(Codes.NoRevocation, root.Find("on_revoked") is null ? place : root.PositionOf("on_revoked"), $"The issuer '{name}' ({adapter.Name}) cannot take a credential back.",
                "write on_revoked: review or keep, or choose another issuer");
        }

        if (can.NeedsEmail && WithoutAddresses(definition) is { } source)
        {
            findings.Add(Codes.NoAddresses, place, $"The issuer '{name}' ({adapter.Name}) awards to e-mail addresses, and the source '{Show.Text(source)}' gives none as it is configured.",
                "let the source give them, or make sure that another source or the directory does");
        }
    }

    /// <summary>A source of the rule that gives no addresses; null when all do.</summary>
    private string? WithoutAddresses(CredentialDefinition definition) => sources
        .Where(s => definition.Earn.All().OfType<CourseRule>().Any(c => c.Source == s.Name)
            && adapters.Sources.FirstOrDefault(a => a.Name == s.Adapter)?.GivesEmail(s.Options) == false)
        .Select(s => s.Name).FirstOrDefault();

    private static FilePosition PlaceOf(MappingNode root, string issuer)
    {
        MappingNode? issue = root.Mapping("issue");
        return issue?.Text("by") == issuer ? issue.PositionOf("by")
            : issue?.Sequence("also")?.Items.OfType<MappingNode>().FirstOrDefault(a => a.Text("issuer") == issuer)?.PositionOf("issuer")
            ?? (issue is null ? root.PositionOf("credential") : issue.Position);
    }
}
