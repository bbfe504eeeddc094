using System.Text;
using CredSync.Core.Configuration;
using CredSync.Host.Intake.Hooks;

namespace CredSync.Host.Tests.Intake.Hooks;

public sealed class HookDoorTests
{
    private static readonly string Body = PlayHookSource.Body("ada");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}""", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "msg_credsync_0001", 1767225600, """{"type":"completion.recorded","timestamp":"2026-01-01T00:00:00Z","data":{"id":"c-1"}}""", "v1,LzL0Ff626HLTdrb2qsntpTDBZPN1gXnt/GTlqHqtrhk=")]
    public void The_vectors_of_Standard_Webhooks_are_proven(string secret, string id, long timestamp, string body, string signature)
    {
        var request = new HookRequest
        {
            Method = "POST",
            Body = Encoding.UTF8.GetBytes(body),
            Header = HookWorld.Headers(("webhook-id", id), ("webhook-timestamp", $"{timestamp}"), ("webhook-signature", signature)),
        };
        byte[] key = Convert.FromBase64String(secret["whsec_".Length..]);
        var webhook = new WebhookDefinition { Proof = WebhookProof.StandardWebhooks };
        DeliveryProof.Of(webhook, [key], "play", request, DateTimeOffset.FromUnixTimeSeconds(timestamp)).ShouldBe(new DeliveryProof.Result(null, id, ""));
        DeliveryProof.Of(webhook, [key], "play", request with { Body = Encoding.UTF8.GetBytes(body + " ") }, DateTimeOffset.FromUnixTimeSeconds(timestamp)).Refused.ShouldBe("signature");
    }

    [Fact]
    public void The_vector_of_GitHub_is_proven()
    {
        var webhook = new WebhookDefinition { Proof = WebhookProof.HmacSha256 };
        var request = new HookRequest
        {
            Method = "POST",
            Body = "Hello, World!"u8.ToArray(),
            Header = HookWorld.Headers(("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")),
        };
        DeliveryProof.Of(webhook, [Encoding.UTF8.GetBytes("It's a Secret to Everybody")], "play", request, default).Refused.ShouldBeNull();
        DeliveryProof.Of(webhook, [Encoding.UTF8.GetBytes("It's a Secret to Somebody")], "play", request, default).Refused.ShouldBe("signature");
    }

    [Fact]
    public async Task A_signed_delivery_is_stored_under_its_own_id_and_answered_as_the_adapter_says()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        HookVerdict verdict = world.Decide(Body, world.Signed("msg_1", Body));
        (verdict.Status, verdict.Json, verdict.Refused).ShouldBe((200, "\"thanks\"", null));
        (verdict.Row!.Delivery.Id, Encoding.UTF8.GetString(verdict.Row.Delivery.Body.Span)).ShouldBe(("msg_1", Body));
    }

    [Fact]
    public async Task A_wrong_signature_is_answered_401_and_nothing_is_stored()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        HookVerdict verdict = world.Decide(PlayHookSource.Body("eve"), world.Signed("msg_1", Body));
        (verdict.Status, verdict.Row).ShouldBe((401, null));
        world.Decide(Body).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task A_stale_timestamp_is_answered_401_however_well_signed(int seconds)
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        HookVerdict verdict = world.Decide(Body, world.Signed("msg_1", Body, at: world.Time.GetUtcNow().AddSeconds(seconds)));
        (verdict.Status, verdict.Refused, verdict.Row).ShouldBe((401, "stale", null));
        world.Decide(Body, world.Signed("msg_1", Body, at: world.Time.GetUtcNow().AddSeconds(seconds > 0 ? 299 : -299))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task While_secrets_are_rotated_either_proves_and_a_second_signature_that_matches_is_enough()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: standard-webhooks, secrets: [env:OLD, env:HOOK]");
        string old = "whsec_" + Convert.ToBase64String(new byte[32]);
        world.Decide(Body, world.Signed("msg_1", Body)).Status.ShouldBe(200);
        world.Decide(Body, world.Signed("msg_2", Body, old)).Status.ShouldBe(200);
        (string Name, string Value)[] headers = world.Signed("msg_3", Body);
        headers[2].Value = "v1a,AAAA v1,bm90IGEgc2lnbmF0dXJlIG9mIHRoZSByaWdodCBzaXpl " + headers[2].Value;
        world.Decide(Body, headers).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_sender_that_signs_with_a_key_of_its_own_is_proven_by_the_public_half_and_any_of_several_keys_does()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, $"proof: standard-webhooks, public_keys: [{PlayEd25519.OtherKey}, {PlayEd25519.Key}]");
        HookVerdict verdict = world.Decide(Body, Signed(world, PlayEd25519.Key, Body));
        (verdict.Status, verdict.Row!.Delivery.Id).ShouldBe((200, "msg_1"));
        world.Decide(Body, Signed(world, PlayEd25519.OtherKey, Body)).Status.ShouldBe(200);
        (string Name, string Value)[] headers = Signed(world, PlayEd25519.Key, Body);
        headers[2].Value = "v1,bm90IG9uZQ== v1a,AAAA v1a,not-base64 " + headers[2].Value;
        world.Decide(Body, headers).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_signature_of_another_key_over_another_message_or_of_the_other_kind_is_answered_401()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, PlayEd25519.Webhook);
        world.Decide(Body, Signed(world, PlayEd25519.OtherKey, Body)).Refused.ShouldBe("signature");
        world.Decide(PlayHookSource.Body("eve"), Signed(world, PlayEd25519.Key, Body)).Refused.ShouldBe("signature");
        world.Decide(Body, Signed(world, PlayEd25519.Key, Body, world.Time.GetUtcNow().AddSeconds(-301))).Refused.ShouldBe("stale");

        // A public key is known to everybody: whoever signs with it as with a shared secret proves nothing.
        string shared = "whsec_" + PlayEd25519.Key["whpk_".Length..];
        world.Decide(Body, world.Signed("msg_1", Body, shared)).Refused.ShouldBe("signature");
        using HookWorld secret = await HookWorld.OpenAsync(Ct);
        secret.Decide(Body, Signed(secret, PlayEd25519.Key, Body)).Refused.ShouldBe("signature");
    }

    [Fact]
    public async Task Secrets_and_public_keys_side_by_side_let_a_sender_change_from_one_to_the_other()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, $"proof: standard-webhooks, secrets: [env:HOOK], public_keys: [{PlayEd25519.Key}]");
        world.Decide(Body, world.Signed("msg_1", Body)).Status.ShouldBe(200);
        world.Decide(Body, Signed(world, PlayEd25519.Key, Body)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Without_anything_to_check_signatures_with_it_is_said_what_is_missing_and_the_sender_may_come_again()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, PlayEd25519.Webhook);
        var request = new HookRequest { Method = "POST", Header = HookWorld.Headers(Signed(world, PlayEd25519.Key, Body)), Body = Encoding.UTF8.GetBytes(Body) };
        Should.Throw<InvalidOperationException>(() => new HookDoor(new HookSecrets(world.Time)).Decide("play", world.Webhook, world.Source, request, world.Time.GetUtcNow())).Message.ShouldContain("IEd25519Verifier");
    }

    [Fact]
    public void A_file_of_a_secret_that_must_not_be_read_is_told_by_its_reference()
    {
        foreach (Exception fault in new Exception[] { new UnauthorizedAccessException("Access to the path is denied."), new IOException("broken") })
        {
            var webhook = new WebhookDefinition { Proof = WebhookProof.Token, Secrets = [new Secret("file:/run/secrets/hook", () => throw fault)] };
            Should.Throw<InvalidOperationException>(() => new HookSecrets(TimeProvider.System).Of(webhook)).Message.ShouldStartWith("The secret file:/run/secrets/hook cannot be read (");
        }
    }

    [Theory]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=")]
    [InlineData("whsec_AAAAAA==")]
    public void A_secret_of_fewer_bytes_than_the_standard_asks_for_is_none(string text)
    {
        var webhook = new WebhookDefinition { Proof = WebhookProof.StandardWebhooks, Secrets = [new Secret("env:SHORT", () => text)] };
        Should.Throw<InvalidOperationException>(() => new HookSecrets(TimeProvider.System).Of(webhook)).Message.ShouldBe(
            "The secret env:SHORT has fewer than 24 bytes, so that it can be guessed; make a new one of 24 to 64 random bytes.");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"person\":7}")]
    [InlineData("{\"person\":\"\\ud800\"}")]
    public async Task A_malformed_body_is_answered_400_and_set_aside_when_its_sender_is_proven(string body)
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        HookVerdict verdict = world.Decide(body, world.Signed("msg_1", body));
        (verdict.Status, verdict.Row!.Cause).ShouldBe((400, "malformed-delivery"));
    }

    [Fact]
    public async Task A_body_that_is_nested_too_deep_is_malformed()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct);
        string body = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        world.Decide(body, world.Signed("msg_1", body)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task What_anybody_may_send_is_refused_but_not_kept_when_it_is_malformed()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: none");
        HookVerdict verdict = world.Decide("{");
        (verdict.Status, verdict.Row).ShouldBe((400, null));
        world.Decide(Body).Row.ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_an_id_of_its_own_the_same_message_has_the_same_id()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: none");
        world.Decide(Body).Row!.Delivery.Id.ShouldBe(world.Decide(Body).Row!.Delivery.Id);
        world.Decide(Body).Row!.Delivery.Id.ShouldNotBe(world.Decide(PlayHookSource.Body("ben")).Row!.Delivery.Id);
    }

    [Fact]
    public async Task A_token_in_the_body_proves_and_is_taken_out_before_anything_is_stored()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: token, field: token, secrets: [env:TOKEN]");
        HookVerdict verdict = world.Decide("""{"token":"a-shared-token","person":"ada","token":"a-shared-token"}""");
        verdict.Status.ShouldBe(200);
        Encoding.UTF8.GetString(verdict.Row!.Delivery.Body.Span).ShouldBe("""{"person":"ada"}""");
        world.Decide("""{"token":"a-wrong-token","person":"ada"}""").Status.ShouldBe(401);
        world.Decide("not json").Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_bearer_token_or_one_in_a_header_proves()
    {
        using HookWorld bearer = await HookWorld.OpenAsync(Ct, "proof: token, secrets: [env:TOKEN]");
        bearer.Decide(Body, ("Authorization", "Bearer a-shared-token")).Status.ShouldBe(200);
        bearer.Decide(Body, ("Authorization", "Bearer a-shared-tokem")).Status.ShouldBe(401);
        using HookWorld header = await HookWorld.OpenAsync(Ct, "proof: token, header: X-Hook-Token, secrets: [env:TOKEN]");
        header.Decide(Body, ("X-Hook-Token", "a-shared-token")).Status.ShouldBe(200);
        header.Decide(Body, ("Authorization", "Bearer a-shared-token")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_token_in_the_address_proves_and_is_not_stored()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: path, secrets: [env:TOKEN]");
        var request = new HookRequest { Method = "POST", Header = HookWorld.Headers(), Body = Encoding.UTF8.GetBytes(Body), Rest = "a-shared-token/statements" };
        HookVerdict verdict = world.Decide(request);
        (verdict.Status, verdict.Row!.Delivery.Target).ShouldBe((200, "statements"));
        world.Decide(request with { Rest = "another-token" }).Status.ShouldBe(401);
        world.Decide(request with { Rest = "" }).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Client_id_and_secret_prove_by_HTTP_Basic()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: basic, client_id: sender, secrets: [env:TOKEN]");
        world.Decide(Body, ("Authorization", Basic("sender", "a-shared-token"))).Status.ShouldBe(200);
        world.Decide(Body, ("Authorization", Basic("sender", "a-wrong-token"))).Status.ShouldBe(401);
        world.Decide(Body, ("Authorization", Basic("another", "a-shared-token"))).Status.ShouldBe(401);
        world.Decide(Body, ("Authorization", "Basic !!!")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_sender_fetches_a_token_by_client_credentials_and_proves_itself_with_it_until_it_is_over()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: oauth, client_id: sender, secrets: [env:TOKEN]");
        var ask = new HookRequest { Method = "POST", Rest = "token", Header = HookWorld.Headers(("Authorization", Basic("sender", "a-shared-token"))), Body = "grant_type=client_credentials&scope=xapi%3A+write"u8.ToArray() };
        HookVerdict answer = world.Decide(ask);
        answer.Status.ShouldBe(200);
        string token = System.Text.Json.JsonDocument.Parse(answer.Json!).RootElement.GetProperty("access_token").GetString()!;
        world.Decide(Body, ("Authorization", $"Bearer {token}")).Status.ShouldBe(200);
        world.Decide(Body, ("Authorization", $"Bearer {token}x")).Status.ShouldBe(401);
        world.Time.Advance(HookTokens.Lifetime);
        world.Decide(Body, ("Authorization", $"Bearer {token}")).Status.ShouldBe(401);
        world.Decide(ask with { Header = HookWorld.Headers(), Body = "grant_type=client_credentials&client_id=sender&client_secret=a-shared-token"u8.ToArray() }).Status.ShouldBe(200);
        world.Decide(ask with { Header = HookWorld.Headers(("Authorization", Basic("sender", "a-wrong-token"))) }).Status.ShouldBe(401);
        world.Decide(ask with { Body = "grant_type=password"u8.ToArray() }).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_is_our_fault_and_not_the_senders()
    {
        using HookWorld world = await HookWorld.OpenAsync(Ct, "proof: standard-webhooks, secrets: [env:TOKEN]");
        Should.Throw<InvalidOperationException>(() => world.Decide(Body)).Message.ShouldContain("env:TOKEN is no Standard Webhooks secret");
    }

    private static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    private static (string Name, string Value)[] Signed(HookWorld world, string key, string body, DateTimeOffset? at = null)
    {
        string timestamp = (at ?? world.Time.GetUtcNow()).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return [("webhook-id", "msg_1"), ("webhook-timestamp", timestamp), ("webhook-signature", PlayEd25519.Sign(key, "msg_1", timestamp, Encoding.UTF8.GetBytes(body)))];
    }
}
