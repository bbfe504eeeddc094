using System.Security.Cryptography;
using System.Text;
using CredSync.Core.Configuration;
using CredSync.Host.Ledger;
using CredSync.Sources;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Decides what becomes of a request at a source's address: proven, well-formed, of the platform's shape. Pure but for the secrets; never throws on what a sender may send.</summary>
internal sealed class HookDoor(HookSecrets secrets, IEd25519Verifier? ed25519 = null)
{
    /// <exception cref="InvalidOperationException">A secret of the source cannot be read, or its public keys cannot be used.</exception>
    public HookVerdict Decide(string source, WebhookDefinition webhook, IWebhookSource adapter, HookRequest request, DateTimeOffset now)
    {
        if (request.Method is not ("POST" or "PUT"))
        {
            return HookVerdict.Refuse(405, "method");
        }

        IReadOnlyList<byte[]> keys = secrets.Of(webhook);
        if (webhook.Proof == WebhookProof.Oauth && request.Rest == "token")
        {
            return Token(source, webhook, keys, request, now);
        }

        DeliveryProof.Result proof = DeliveryProof.Of(webhook, keys, source, request, now, ed25519);
        if (proof.Refused is { } word)
        {
            return HookVerdict.Refuse(401, word);
        }

        ReadOnlyMemory<byte> body = request.Body.Span.StartsWith("\uFEFF"u8) ? request.Body[3..] : request.Body;
        string target = Safe(proof.Target + request.Query);
        if (!WellFormed.IsJson(body.Span))
        {
            return Malformed(source, webhook, Delivery(proof.Id, target, body, now), "The body is not JSON in UTF-8, or is nested too deep.");
        }

        WebhookDelivery delivery = Delivery(proof.Id, target, webhook.Field is { } field ? BodyToken.Remove(body, field) : body, now);
        WebhookReceipt receipt = adapter.Look(delivery);
        return receipt.Malformed is { } sentence
            ? Malformed(source, webhook, delivery, sentence)
            : new HookVerdict { Status = receipt.Status, Json = receipt.Json, Row = new DeliveryRow { Source = source, Delivery = delivery } };
    }

    // The same message has the same id, whoever brings it again: its own where the signature covers that, else what it says.
    private static WebhookDelivery Delivery(string? id, string target, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (id is null)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(target + "\n"));
            hash.AppendData(body.Span);
            id = "sha256-" + Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        return new WebhookDelivery { Id = id, ReceivedAt = now, Target = target, Body = body };
    }

    // Kept to be looked at when its sender is known; what anybody may send is only refused, or it would fill the ledger.
    private static HookVerdict Malformed(string source, WebhookDefinition webhook, WebhookDelivery delivery, string sentence) => HookVerdict.Refuse(400, "malformed") with
    {
        Row = webhook.Proof == WebhookProof.None ? null : new DeliveryRow { Source = source, Delivery = delivery, Cause = "malformed-delivery", Sentence = sentence },
    };

    private static HookVerdict Token(string source, WebhookDefinition webhook, IReadOnlyList<byte[]> keys, HookRequest request, DateTimeOffset now)
    {
        Dictionary<string, string> form = Form(request.Body);
        if (form.GetValueOrDefault("grant_type") is not "client_credentials")
        {
            return new HookVerdict { Status = 400, Json = """{"error":"unsupported_grant_type"}""", Refused = "grant" };
        }

        bool client = request.Header("Authorization") is { } header
            ? DeliveryProof.Basic(webhook, keys, header)
            : DeliveryProof.Client(webhook, keys, Encoding.UTF8.GetBytes(form.GetValueOrDefault("client_id") ?? ""), Encoding.UTF8.GetBytes(form.GetValueOrDefault("client_secret") ?? ""));
        return client
            ? new HookVerdict { Status = 200, Json = $$"""{"access_token":"{{HookTokens.Mint(keys[0], source, now)}}","token_type":"Bearer","expires_in":{{HookTokens.Lifetime.TotalSeconds}}}""" }
            : new HookVerdict { Status = 401, Json = """{"error":"invalid_client"}""", Refused = "credentials" };
    }

    private static Dictionary<string, string> Form(ReadOnlyMemory<byte> body)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body.Length > 8192)
        {
            return form;
        }

        foreach (string pair in Encoding.UTF8.GetString(body.Span).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            form[Decode(equals < 0 ? pair : pair[..equals])] = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
        }

        return form;

        static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }

    private static string Safe(string target) => target.Length > 500 ? target[..500] : target;
}
