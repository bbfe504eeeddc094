using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CredSync.Benchmarks.Load;

/// <summary>
/// P2: signed deliveries at half the rate of P1, sent at their times whether or not earlier ones were answered; how long each answer takes, and how long from sending
/// until its credential is stored.
/// </summary>
internal static class HookFigure
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly byte[] Key = Convert.FromBase64String(LoadWorker.HookSecret["whsec_".Length..]);

    public static async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options, Servers servers)
    {
        string database = await servers.DatabaseAsync().ConfigureAwait(false), broker = await servers.BrokerAsync().ConfigureAwait(false);
        string address = $"http://127.0.0.1:{FreePort()}";
        var work = new LoadWork { People = options.Count, HooksAddress = address };
        await using LoadWorker worker = LoadWorker.Create(work, database, broker);
        await worker.StartAsync().ConfigureAwait(false);
        var rates = new List<double>();
        for (int round = -options.Warm; round < options.Rounds; round++)
        {
            long start = Time.GetTimestamp();
            await worker.PassAsync(options.Count, Limit).ConfigureAwait(false);
            rates.Add(options.Count / Time.GetElapsedTime(start).TotalSeconds);
        }

        double rate = Measure.Median(rates[options.Warm..]);
        int first = work.Target;
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(address) };

        // The first seconds make connections and compile; they are not counted.
        int warm = (int)(rate / 2 * 3), count = Math.Max(options.Count, (int)(rate / 2 * 10));
        await SendAsync(client, first, warm, rate / 2).ConfigureAwait(false);
        first += warm;
        Sent[] sent = await SendAsync(client, first, count, rate / 2).ConfigureAwait(false);
        long waiting = Time.GetTimestamp();
        while ((await worker.Ledger.CountDeliveriesAsync(CancellationToken.None).ConfigureAwait(false)).Any(d => d.Waiting > 0) || await worker.Ledger.IsUnderWayAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (Time.GetElapsedTime(waiting) > Limit)
            {
                throw new TimeoutException($"{count} deliveries did not become credentials within {Limit}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Time).ConfigureAwait(false);
        }

        if (sent.Any(s => !s.Accepted))
        {
            throw new InvalidOperationException($"{sent.Count(s => !s.Accepted)} of {count} deliveries were not accepted.");
        }

        double[] stored = await StoredAsync(database, first, sent).ConfigureAwait(false);
        double[] answers = [.. sent.Select(s => s.Answered.TotalMilliseconds).Order()];
        string what = Measure.Words($"signed deliveries at {rate / 2:N0}/s, half of {rate:N0}/s; {count:N0} of them");
        return
        [
            new Figure("P2", $"{what}: from sending to the stored credential", Measure.Words($"p99 {At(stored, 0.99):0} ms (p50 {At(stored, 0.5):0})"), "–", "–", "p99 < 1 s"),
            new Figure("P2", "their answers", Measure.Words($"p99 {At(answers, 0.99):0} ms (p50 {At(answers, 0.5):0.0})"), "–", "–", "p99 < 50 ms"),
        ];
    }

    private static async Task<Sent[]> SendAsync(HttpClient client, int first, int count, double rate)
    {
        var sent = new Sent[count];
        var running = new ConcurrentBag<Task>();
        long start = Time.GetTimestamp();
        for (int i = 0; i < count;)
        {
            for (int due = Math.Min(count, (int)(Time.GetElapsedTime(start).TotalSeconds * rate) + 1); i < due; i++)
            {
                int place = i;
                running.Add(Task.Run(async () => sent[place] = await PostAsync(client, first + place).ConfigureAwait(false)));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), Time).ConfigureAwait(false);
        }

        await Task.WhenAll(running).WaitAsync(Limit, Time).ConfigureAwait(false);
        return sent;
    }

    private static async Task<Sent> PostAsync(HttpClient client, int number)
    {
        byte[] body = Encoding.ASCII.GetBytes(Measure.Words($"{{\"n\":{number}}}"));
        DateTimeOffset at = Time.GetUtcNow();
        string id = Measure.Words($"delivery-{number}"), time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/load") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", time);
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, (byte[])[.. Encoding.ASCII.GetBytes($"{id}.{time}."), .. body])));
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await client.SendAsync(request).ConfigureAwait(false);
        return new Sent(at, Stopwatch.GetElapsedTime(start), answer.IsSuccessStatusCode);
    }

    // The journal's line is finished in the transaction that stores the credential.
    private static async Task<double[]> StoredAsync(string database, int first, Sent[] sent)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync().ConfigureAwait(false);
        await using var command = new NpgsqlCommand(
            "SELECT i.earned_at, j.changed_at FROM credsync.issuances AS i JOIN credsync_issue.issue_journal AS j USING (issuance_id) WHERE j.state = 'Finished'", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var took = new List<double>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            int n = LoadWork.NumberOf(await reader.GetFieldValueAsync<DateTimeOffset>(0).ConfigureAwait(false)) - first;
            if (n >= 0 && n < sent.Length)
            {
                took.Add((await reader.GetFieldValueAsync<DateTimeOffset>(1).ConfigureAwait(false) - sent[n].At).TotalMilliseconds);
            }
        }

        return took.Count == sent.Length ? [.. took.Order()] : throw new InvalidOperationException($"{sent.Length} deliveries became {took.Count} credentials.");
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private readonly record struct Sent(DateTimeOffset At, TimeSpan Answered, bool Accepted);
}
