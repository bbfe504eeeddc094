using System.Globalization;
using CredSync.Core.Configuration.Shapes;
using CredSync.Core.Configuration.Yaml;
using CredSync.Sources;

namespace CredSync.Core.Configuration.Files;

/// <summary>Makes a source's <c>webhook:</c>, and checks what its shape cannot say.</summary>
internal static class WebhookBinder
{
    public static WebhookDefinition? Bind(MappingNode source, string adapter, WebhookTrust? trust, Func<string, Secret> secrets, FindingList findings)
    {
        if (source.Find("webhook") is not MappingNode node)
        {
            return null;
        }

        if (trust is null)
        {
            findings.Add(Codes.NoWebhooks, source.PositionOf("webhook"), $"The adapter '{Show.Text(adapter)}' takes no deliveries; it is only polled.", "remove 'webhook'");
            return null;
        }

        int proof = WebhookShape.Proofs.ToList().IndexOf(node.Text("proof") ?? "");
        if (proof < 0)
        {
            return null;
        }

        var definition = new WebhookDefinition
        {
            Proof = (WebhookProof)proof,
            Secrets = node.Find("secrets") is SequenceNode list ? [.. list.Items.OfType<ScalarNode>().Where(s => !s.IsEmpty).Select(s => secrets(s.Text))] : [],
            PublicKeys = node.Find("public_keys") is SequenceNode keys ? [.. keys.Items.OfType<ScalarNode>().Select(k => DeliveryKeyType.Read(k.Text)).OfType<byte[]>()] : [],
            ClientId = node.Text("client_id"),
            Header = node.Text("header"),
            Field = node.Text("field"),
        };
        Check(definition, node, adapter, trust.Value, findings);
        return definition with
        {
            Tolerance = ConnectionBinder.Duration(node, "tolerance", findings) ?? definition.Tolerance,
            Keep = ConnectionBinder.Duration(node, "keep", findings) ?? definition.Keep,
            LargestKib = Number(node, "largest_kib") ?? definition.LargestKib,
            PerSecond = Number(node, "per_second") ?? definition.PerSecond,
        };
    }

    private static void Check(WebhookDefinition webhook, MappingNode node, string adapter, WebhookTrust trust, FindingList findings)
    {
        if (webhook.Proof == WebhookProof.None && trust == WebhookTrust.Fact)
        {
            findings.Add(Codes.UnprovenWebhook, node.PositionOf("proof"), $"The adapter '{Show.Text(adapter)}' believes what a delivery says, so that anybody could award themselves anything.", "choose a proof that the platform can give");
        }

        bool hasKeys = node.Find("public_keys") is not null;
        if (webhook.Proof == WebhookProof.None == webhook.Secrets.Count > 0 && !(hasKeys && webhook.Secrets.Count == 0))
        {
            findings.Add(Codes.WrongKeys, node.PositionOf("proof"), webhook.Secrets.Count > 0 ? "There are 'secrets', but nothing is proven with them." : "Without 'secrets' nothing can be proven.",
                webhook.Secrets.Count > 0 ? "choose a proof, or remove 'secrets'"
                : webhook.Proof == WebhookProof.StandardWebhooks ? "add secrets: [env:NAME], or public_keys: [whpk_…] of a sender that signs with Ed25519" : "add secrets: [env:NAME]");
        }

        Only("public_keys", hasKeys, WebhookProof.StandardWebhooks);
        Only("client_id", webhook.ClientId is not null, WebhookProof.Basic, WebhookProof.Oauth);
        Only("header", webhook.Header is not null, WebhookProof.HmacSha256, WebhookProof.Token);
        Only("field", webhook.Field is not null, WebhookProof.Token);
        if (webhook.Proof is WebhookProof.Basic or WebhookProof.Oauth && webhook.ClientId is null)
        {
            findings.Add(Codes.WrongKeys, node.PositionOf("proof"), "This proof needs a name beside the secret.", "add client_id");
        }

        void Only(string key, bool isGiven, params ReadOnlySpan<WebhookProof> proofs)
        {
            if (isGiven && !proofs.Contains(webhook.Proof))
            {
                string[] words = [.. proofs.ToArray().Select(p => WebhookShape.Proofs[(int)p])];
                findings.Add(Codes.WrongKeys, node.PositionOf(key), $"'{key}' says nothing here; it goes with proof {string.Join(" and ", words)}.", "remove it");
            }
        }
    }

    private static int? Number(MappingNode node, string key) =>
        int.TryParse(node.Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
