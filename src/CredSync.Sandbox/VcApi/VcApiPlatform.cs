using System.Globalization;
using System.Text.Json.Nodes;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.VcApi;

/// <summary>
/// A play issuer coordinator as the Digital Credentials Consortium's: issue and status under <c>instance/{tenant}</c>, and a plain VC-API beside it. The proofs are
/// play ones and verify nowhere.
/// </summary>
public sealed class VcApiPlatform : PlayPlatform
{
    /// <summary>Plays a tenant.</summary>
    /// <param name="world">The tenant; may be changed while it is served.</param>
    /// <param name="prefix">The path prefix. Default <c>vc-api</c>.</param>
    public VcApiPlatform(VcApiWorld world, string prefix = "vc-api")
        : base(prefix)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
    }

    /// <summary>The tenant.</summary>
    public VcApiWorld World { get; }

    /// <summary><c>issue</c>, <c>revoke</c>; empty for anything else.</summary>
    internal override string OperationOf(PlayRequest request) => (request.Method, Parts(request)) switch
    {
        ("POST", [.., "credentials", "issue"]) => "issue",
        ("POST", [.., "credentials", "status"]) => "revoke",
        _ => "",
    };

    internal override bool Complete(string learner, string course, DateTimeOffset at) => false;

    internal override PlayAnswer Answer(PlayRequest request, PlayFault? fault)
    {
        lock (World.Gate)
        {
            string[] parts = Parts(request);
            bool isTenant = parts is ["instance", { } tenant, ..] && tenant == World.Tenant;
            return parts.Length == 0 ? JsonBody.Answer(200, new JsonObject { ["message"] = "server status: ok" })
                : parts[0] == "instance" && !isTenant ? Refused(404, "Tenant not found.")
                : fault?.Kind == PlayFaultKind.ExpiredToken || request.Headers.Authorization.ToString() != "Bearer " + World.Token ? Refused(401, "Invalid token.")
                : OperationOf(request) switch
                {
                    "issue" => Issue(JsonBody.Read(request), isTenant),
                    "revoke" => Revoke(JsonBody.Read(request)),
                    _ => Refused(404, "Not found."),
                };
        }
    }

    private static string[] Parts(PlayRequest request) => request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private PlayAnswer Issue(JsonObject? body, bool isTenant)
    {
        JsonObject? sent = body?["credential"] as JsonObject ?? body;
        if (sent is null || sent["@context"] is not JsonArray || sent["type"] is not JsonArray || sent["issuer"] is not JsonObject || sent["credentialSubject"] is not JsonObject)
        {
            return Refused(422, "A verifiable credential must be provided.");
        }

        JsonObject credential = sent.DeepClone().AsObject();
        string id = credential.Text("id") ?? "urn:uuid:" + PlayIds.Create("vc-api", World.Credentials.Count);
        int index = World.Sign(id);
        credential["id"] = id;
        credential["issuer"]!["id"] = World.Did;
        credential["@context"]!.AsArray().Add("https://w3id.org/security/suites/ed25519-2020/v1");
        if (World.HasStatus)
        {
            credential["credentialStatus"] = new JsonObject
            {
                ["id"] = $"{Address}status/1#{index}",
                ["type"] = "BitstringStatusListEntry",
                ["statusPurpose"] = "revocation",
                ["statusListIndex"] = index.ToString(CultureInfo.InvariantCulture),
                ["statusListCredential"] = $"{Address}status/1",
            };
        }

        credential["proof"] = new JsonObject { ["type"] = "Ed25519Signature2020", ["verificationMethod"] = $"{World.Did}#play", ["proofPurpose"] = "assertionMethod", ["proofValue"] = $"zPlay{index}" };
        return JsonBody.Answer(201, isTenant ? credential : new JsonObject { ["verifiableCredential"] = credential });
    }

    private PlayAnswer Revoke(JsonObject? body) =>
        !World.HasStatus ? Refused(405, "The status service has not been enabled.")
        : body.Text("credentialId") is not { } id || body?["credentialStatus"] is not JsonArray ? Refused(400, "A credentialId and a credentialStatus must be provided.")
        : World.Revoke(id) ? JsonBody.Answer(200, new JsonObject { ["code"] = 200, ["message"] = "Credential status successfully updated." })
        : Refused(404, "Credential ID not found.");

    private static PlayAnswer Refused(int status, string message) => JsonBody.Answer(status, new JsonObject { ["code"] = status, ["message"] = message });
}
