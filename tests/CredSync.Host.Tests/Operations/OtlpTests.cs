using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using CredSync.Host.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CredSync.Host.Tests.Operations;

/// <summary>Metrics and traces as a collector receives them: OTLP over gRPC, in this process.</summary>
public sealed class OtlpTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collector_receives_the_metrics_and_one_trace_for_each_award()
    {
        var received = new ConcurrentDictionary<string, byte[]>();
        await using PlayServer collector = await PlayServer.StartAsync(
            app => app.MapPost("/{service}/Export", async (HttpContext http, string service) =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body, Ct);
                received.AddOrUpdate(service, body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
                http.Response.ContentType = "application/grpc";
                http.Response.DeclareTrailer("grpc-status");
                await http.Response.Body.WriteAsync(new byte[5], Ct);
                http.Response.AppendTrailer("grpc-status", "0");
            }),
            HttpProtocols.Http2,
            Ct);
        var world = new OperationsWorld();
        world.More["Telemetry:Otlp"] = collector.Address;
        await world.InitializeAsync();
        try
        {
            await world.Services.GetRequiredService<LedgerGauges>().ReadAsync(Ct);
            Guid issuance = NameBasedUuid.Create(Guid.Empty, "an award");
            using (Activity? step = AwardTrace.Begin("issue", issuance, "credly-main"))
            {
                step.ShouldNotBeNull("somebody listens");
            }

            world.Services.GetRequiredService<MeterProvider>().ForceFlush(10_000).ShouldBeTrue();
            world.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000).ShouldBeTrue();
            string metrics = Encoding.Latin1.GetString(received["opentelemetry.proto.collector.metrics.v1.MetricsService"]);
            metrics.ShouldContain("credsync.outbox.oldest_age");
            metrics.ShouldContain("credsync.jobs.open");
            byte[] traces = received["opentelemetry.proto.collector.trace.v1.TraceService"];
            byte[] id = Convert.FromHexString(issuance.ToString("N"));
            traces.AsSpan().IndexOf(id).ShouldBeGreaterThan(0, "the trace's id is the issuance's id without hyphens");
            Encoding.Latin1.GetString(traces).ShouldContain("credly-main");
        }
        finally
        {
            await world.DisposeAsync();
        }
    }
}
