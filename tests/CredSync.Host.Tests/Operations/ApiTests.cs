using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CredSync.Host.Tests.Operations;

/// <summary>The interface for programs, as its own description has it.</summary>
public sealed class ApiTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    private const int Fuzzed = 50_000;

    private static readonly string[] Odd =
    [
        "", "0", "-1", "1", "99999999999999999999", "null", "true", "'", "\"", "%00", "..", "../../etc/passwd", "a/b", "😀", "\u202e", "<script>alert(1)</script>", "' OR 1=1 --", "2026-13-45", "2026-01-01T00:00:00Z",
        "00000000-0000-0000-0000-000000000000", "retry", "pause", "approve", "%", "_", "\\", "1e400", "NaN", "held", "99", "WyIyMDI2Il0", new string('x', 600), "\t\r\n", "ﷺ", "é", "١٢٣",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_answers_as_its_description_says()
    {
        using HttpClient client = await world.ClientAsync("admin");
        List<Operation> operations = await OperationsAsync(client);
        operations.Count.ShouldBeGreaterThan(20);
        operations.Select(o => o.Id).ShouldBeUnique();
        foreach (Operation operation in operations)
        {
            operation.Summary.ShouldNotBeNullOrWhiteSpace(operation.Address);
            using HttpResponseMessage answer = await client.SendAsync(operation.Request(_ => "00000000-0000-0000-0000-000000000001", "{}"), Ct);
            string status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
            operation.Statuses.ShouldContain(status, $"{operation.Method} {operation.Address}: {await answer.Content.ReadAsStringAsync(Ct)}");
            if ((int)answer.StatusCode >= 400)
            {
                answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", operation.Address);
            }
        }
    }

    [Fact]
    public async Task Without_the_right_no_operation_changes_anything()
    {
        using HttpClient admin = await world.ClientAsync("admin");
        using HttpClient viewer = await world.ClientAsync("viewer");
        using HttpClient nobody = await world.ClientAsync();
        long acts = await world.ActsAsync();
        foreach (Operation operation in await OperationsAsync(admin))
        {
            using HttpResponseMessage refused = await nobody.SendAsync(operation.Request(_ => "1", "{}"), Ct);
            ((int)refused.StatusCode).ShouldBe(401, operation.Address);
            if (operation.Changes)
            {
                using HttpResponseMessage forbidden = await viewer.SendAsync(operation.Request(_ => operation.Address.Contains("/{id}", StringComparison.Ordinal) ? "1" : "x", "{}"), Ct);
                ((int)forbidden.StatusCode).ShouldBeOneOf([403, 404], operation.Address);
            }
        }

        (await world.ActsAsync()).ShouldBe(acts);
    }

    [Fact]
    public async Task Odd_requests_meet_no_fault_of_ours_and_change_nothing_without_rights()
    {
        using HttpClient admin = await world.ClientAsync("admin");
        List<Operation> operations = await OperationsAsync(admin);
        using HttpClient viewer = await world.ClientAsync("viewer");
        using HttpClient some = await world.ClientAsync("operator", "read", "sources", "jobs", "holds");
        using HttpClient nobody = await world.ClientAsync();
        var faults = new ConcurrentBag<string>();
        int sent = 0;
        long acts = await world.ActsAsync();
        await RunAsync(Fuzzed / 2, [viewer, nobody], 1);
        (await world.ActsAsync()).ShouldBe(acts, "a viewer or nobody changed something");
        await RunAsync(Fuzzed / 2, [some, viewer, nobody], 2);
        sent.ShouldBe(Fuzzed);
        faults.ShouldBeEmpty();

        Task RunAsync(int count, HttpClient[] clients, int seed) => Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (i, ct) =>
        {
            var random = new Random(unchecked((seed * 1_000_003) + i));
            Operation operation = operations[random.Next(operations.Count)];
            using HttpRequestMessage request = operation.Odd(random, Odd);
            using HttpResponseMessage answer = await clients[random.Next(clients.Length)].SendAsync(request, ct);
            Interlocked.Increment(ref sent);
            if ((int)answer.StatusCode >= 500)
            {
                faults.Add($"{(int)answer.StatusCode} {request.Method} {request.RequestUri} seed {seed} number {i}: {await answer.Content.ReadAsStringAsync(ct)}");
            }
        });
    }

    private static async Task<List<Operation>> OperationsAsync(HttpClient client)
    {
        using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync("/api/openapi/v1.json", Ct));
        return
        [
            .. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Where(m => m.Name is "get" or "post" or "put" or "delete").Select(m => new Operation
            {
                Id = m.Value.GetProperty("operationId").GetString()!,
                Summary = m.Value.GetProperty("summary").GetString()!,
                Method = new HttpMethod(m.Name.ToUpperInvariant()),
                Address = path.Name,
                Query = m.Value.TryGetProperty("parameters", out JsonElement ps) ? [.. ps.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!)] : [],
                HasBody = m.Value.TryGetProperty("requestBody", out _),
                Fields = Fields(document.RootElement, m.Value),
                Statuses = [.. m.Value.GetProperty("responses").EnumerateObject().Select(r => r.Name)],
            })),
        ];
    }

    private static string[] Fields(JsonElement root, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out JsonElement body))
        {
            return [];
        }

        string reference = body.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!;
        return [.. root.GetProperty("components").GetProperty("schemas").GetProperty(reference.Split('/')[^1]).GetProperty("properties").EnumerateObject().Select(p => p.Name)];
    }

    private sealed record Operation
    {
        public required string Id { get; init; }

        public required string Summary { get; init; }

        public required HttpMethod Method { get; init; }

        public required string Address { get; init; }

        public required string[] Query { get; init; }

        public required bool HasBody { get; init; }

        public required string[] Fields { get; init; }

        public required string[] Statuses { get; init; }

        // What looks for somebody is a POST so that what is looked for stands in no log.
        public bool Changes => Method != HttpMethod.Get && Id is not ("find-person" or "trace-completion");

        public HttpRequestMessage Request(Func<string, string> value, string? body)
        {
            string address = System.Text.RegularExpressions.Regex.Replace(Address, @"\{(\w+)\}", m => Uri.EscapeDataString(m.Groups[1].Value == "id" && Address.Contains("/jobs/", StringComparison.Ordinal) ? "1" : value(m.Groups[1].Value)));
            return new HttpRequestMessage(Method, address) { Content = HasBody ? new StringContent(body ?? "", Encoding.UTF8, "application/json") : null };
        }

        public HttpRequestMessage Odd(Random random, string[] words)
        {
            string Word() => words[random.Next(words.Length)];
            string address = System.Text.RegularExpressions.Regex.Replace(Address, @"\{(\w+)\}", _ => Uri.EscapeDataString(Word()));
            var query = new StringBuilder();
            foreach (string name in Query.Where(_ => random.Next(3) == 0))
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(Word()));
            }

            HttpMethod method = random.Next(12) == 0 ? new HttpMethod(new[] { "PATCH", "DELETE", "OPTIONS", "HEAD", "POST", "PUT" }[random.Next(6)]) : Method;
            var request = new HttpRequestMessage(method, address + query);
            if (HasBody || random.Next(10) == 0)
            {
                string text = random.Next(6) switch
                {
                    0 => Word(),
                    1 => new string('[', random.Next(1, 200)),
                    2 => "{\"why\":" + JsonSerializer.Serialize(Word()),
                    _ => "{" + string.Join(",", Fields.Where(_ => random.Next(2) == 0).Select(f => $"{JsonSerializer.Serialize(f)}:{Value(random, words)}")) + "}",
                };
                request.Content = new ByteArrayContent(random.Next(20) == 0 ? [0xff, 0xfe, 0x00, 0xc3] : Encoding.UTF8.GetBytes(text));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(random.Next(15) == 0 ? "text/plain" : "application/json");
            }

            return request;
        }

        private static string Value(Random random, string[] words) => random.Next(7) switch
        {
            0 => "null",
            1 => random.Next(-5, 2_000_000).ToString(CultureInfo.InvariantCulture),
            2 => "1e308",
            3 => "[]",
            4 => "{}",
            5 => "true",
            _ => JsonSerializer.Serialize(words[random.Next(words.Length)]),
        };
    }
}
