using System.Globalization;
using System.Text;
using CredSync.Host.Intake.Hooks;

namespace CredSync.Host.Tests.Intake.Hooks;

/// <summary>A hundred thousand deliveries with something bent about each, in process. The door throws at none, and lets none in that our own secret did not sign as it stands.</summary>
public sealed class HookFuzzTests
{
    private const int Deliveries = 30_000;

    [Theory]
    [InlineData(HookWorld.Standard, 1)]
    [InlineData(PlayEd25519.Webhook, 6)]
    [InlineData("proof: hmac-sha256, secrets: [env:TOKEN]", 2)]
    [InlineData("proof: token, field: token, secrets: [env:TOKEN]", 3)]
    [InlineData("proof: oauth, client_id: sender, secrets: [env:TOKEN]", 4)]
    [InlineData("proof: path, secrets: [env:TOKEN]", 5)]
    public async Task No_mutated_delivery_throws_and_none_is_accepted_without_a_right_proof(string webhook, int seed)
    {
        using HookWorld world = await HookWorld.OpenAsync(TestContext.Current.CancellationToken, webhook);
        var door = new HookDoor(new HookSecrets(world.Time), new PlayEd25519());
        var random = new Random(seed);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < Deliveries; i++)
        {
            Sent sent = Mutate(Genuine(world, webhook, i), random);
            var request = new HookRequest { Method = "POST", Rest = sent.Rest, Header = HookWorld.Headers([.. sent.Headers.Select(h => (h.Key, h.Value))]), Body = sent.Body };
            HookVerdict verdict = door.Decide("play", world.Webhook, world.Source, request, world.Time.GetUtcNow());
            bool proven = IsProven(world, webhook, sent);
            if (verdict.Status < 300 && !(sent.Rest == "token" && verdict.Row is null))
            {
                accepted++;
                proven.ShouldBeTrue($"delivery {i} was let in");
            }
            else
            {
                refused++;
                verdict.Status.ShouldBeOneOf(400, 401);
                (verdict.Row is null || proven).ShouldBeTrue();
            }
        }

        // Both happened often, so that neither half of the claim is empty.
        accepted.ShouldBeGreaterThan(Deliveries / 50);
        refused.ShouldBeGreaterThan(Deliveries / 4);
    }

    private static Sent Genuine(HookWorld world, string webhook, int number)
    {
        string body = PlayHookSource.Body($"person-{number}");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string rest = "";
        if (webhook == HookWorld.Standard)
        {
            foreach ((string name, string value) in world.Signed($"msg_{number}", body))
            {
                headers[name] = value;
            }
        }
        else if (webhook == PlayEd25519.Webhook)
        {
            foreach ((string name, string value) in world.Signed($"msg_{number}", body))
            {
                headers[name] = value;
            }

            headers["webhook-signature"] = PlayEd25519.Sign(PlayEd25519.Key, headers["webhook-id"], headers["webhook-timestamp"], Encoding.UTF8.GetBytes(body));
        }
        else if (webhook.Contains("hmac", StringComparison.Ordinal))
        {
            headers["X-Hub-Signature-256"] = "sha256=" + Hmac(Encoding.UTF8.GetBytes(body));
        }
        else if (webhook.Contains("field", StringComparison.Ordinal))
        {
            body = body[..^1] + ""","token":"a-shared-token"}""";
        }
        else if (webhook.Contains("oauth", StringComparison.Ordinal))
        {
            headers["Authorization"] = "Bearer " + HookTokens.Mint("a-shared-token"u8.ToArray(), "play", world.Time.GetUtcNow());
        }
        else
        {
            rest = "a-shared-token";
        }

        return new Sent(rest, headers, Encoding.UTF8.GetBytes(body));
    }

    // What was sent is proven when it is, bit by bit, something that the holder of the secret made.
    private static bool IsProven(HookWorld world, string webhook, Sent sent)
    {
        if (webhook is HookWorld.Standard or PlayEd25519.Webhook)
        {
            string id = sent.Headers.GetValueOrDefault("webhook-id", "");
            string timestamp = sent.Headers.GetValueOrDefault("webhook-timestamp", "");
            return long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && Math.Abs(world.Time.GetUtcNow().ToUnixTimeSeconds() - (decimal)seconds) <= 300
                && sent.Headers.GetValueOrDefault("webhook-signature", "").Split(' ').Any(s => webhook == HookWorld.Standard
                    ? Same(s, HookWorld.Signature(HookWorld.Secret, id, timestamp, sent.Body))
                    : Same(s, PlayEd25519.Sign(PlayEd25519.Key, id, timestamp, sent.Body)));
        }

        if (webhook.Contains("hmac", StringComparison.Ordinal))
        {
            string header = sent.Headers.GetValueOrDefault("X-Hub-Signature-256", "");
            return string.Equals(header.StartsWith("sha256=", StringComparison.Ordinal) ? header[7..] : header, Hmac(sent.Body), StringComparison.OrdinalIgnoreCase);
        }

        if (webhook.Contains("field", StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetString(sent.Body).Contains("a-shared-token", StringComparison.Ordinal);
        }

        return webhook.Contains("oauth", StringComparison.Ordinal)
            ? HookTokens.IsGood(["a-shared-token"u8.ToArray()], "play", sent.Headers.GetValueOrDefault("Authorization", "")[Math.Min(7, sent.Headers.GetValueOrDefault("Authorization", "").Length)..].Trim(), world.Time.GetUtcNow())
            : sent.Rest.Split('/')[0] == "a-shared-token";
    }

    // Base64 with other white space or unused bits is the same signature.
    private static bool Same(string given, string expected)
    {
        byte[] buffer = new byte[64];
        string version = expected[..(expected.IndexOf(',', StringComparison.Ordinal) + 1)];
        return given.StartsWith(version, StringComparison.Ordinal) && Convert.TryFromBase64String(given[version.Length..], buffer, out int length)
            && buffer.AsSpan(0, length).SequenceEqual(Convert.FromBase64String(expected[version.Length..]));
    }

    private static string Hmac(byte[] body) => Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("a-shared-token"u8, body));

    private static Sent Mutate(Sent sent, Random random)
    {
        // Some go through untouched.
        for (int times = random.Next(4); times > 0; times--)
        {
            sent = random.Next(5) switch
            {
                0 or 1 => sent with { Body = Bend(sent.Body, random) },
                2 => sent with { Rest = Encoding.Latin1.GetString(Bend(Encoding.Latin1.GetBytes(sent.Rest), random)) },
                _ => sent with { Headers = BendHeader(sent.Headers, random) },
            };
        }

        return sent;
    }

    private static Dictionary<string, string> BendHeader(Dictionary<string, string> headers, Random random)
    {
        var bent = new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase);
        if (bent.Count == 0 || random.Next(8) == 0)
        {
            bent["Authorization"] = random.Next(2) == 0 ? "Basic " + Convert.ToBase64String(Noise(random)) : Encoding.Latin1.GetString(Noise(random));
            return bent;
        }

        string name = bent.Keys.ElementAt(random.Next(bent.Count));
        switch (random.Next(3))
        {
            case 0:
                bent.Remove(name);
                break;
            case 1:
                bent[name] = Encoding.Latin1.GetString(Bend(Encoding.Latin1.GetBytes(bent[name]), random));
                break;
            default:
                bent[name] += (random.Next(2) == 0 ? " " : "") + bent.Values.ElementAt(random.Next(bent.Count));
                break;
        }

        return bent;
    }

    private static byte[] Bend(byte[] bytes, Random random)
    {
        List<byte> bent = [.. bytes];
        int at = random.Next(bent.Count + 1);
        switch (random.Next(6))
        {
            case 0 when at < bent.Count:
                bent[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bent.Count:
                bent.RemoveAt(at);
                break;
            case 2:
                bent.Insert(at, (byte)random.Next(256));
                break;
            case 3:
                bent.RemoveRange(at, bent.Count - at);
                break;
            case 4:
                bent.InsertRange(at, bytes.Take(random.Next(bytes.Length + 1)));
                break;
            default:
                bent.InsertRange(at, "\\ud800"u8.ToArray());
                break;
        }

        return [.. bent];
    }

    private static byte[] Noise(Random random)
    {
        byte[] noise = new byte[random.Next(80)];
        random.NextBytes(noise);
        return noise;
    }

    private sealed record Sent(string Rest, Dictionary<string, string> Headers, byte[] Body);
}
