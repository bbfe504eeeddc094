using CredSync.Host.Operations.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace CredSync.Host.Telemetry;

/// <summary>Traces and metrics: to a collector by OTLP when one is configured, and as text at <c>/metrics</c>.</summary>
internal static class TelemetryRegistration
{
    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder, WorkerSettings settings)
    {
        if (settings.Roles.HasFlag(Roles.Operations))
        {
            builder.Services.AddSingleton<PrometheusText>();
            builder.Services.AddSingleton<LedgerGauges>();
            builder.Services.AddHostedService(sp => sp.GetRequiredService<LedgerGauges>());
        }

        string? endpoint = (builder.Configuration.GetSection("Telemetry").Get<TelemetryOptions>() ?? new TelemetryOptions()).Otlp ?? builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address))
        {
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(r => r.AddService("credsync", serviceInstanceId: Storage.LocalProcess.Self.ToString()))
                .WithMetrics(m => m.AddMeter(Meters.Name).AddMeter("MassTransit"))
                .WithTracing(t => t.AddSource(AwardTrace.Name))
                .UseOtlpExporter(OpenTelemetry.Exporter.OtlpExportProtocol.Grpc, address);
        }

        return builder;
    }

    public static void MapMetrics(this WebApplication app) => app.MapGet("/metrics", async http =>
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await http.Response.WriteAsync(http.RequestServices.GetRequiredService<PrometheusText>().Write(), http.RequestAborted).ConfigureAwait(false);
    }).RequireAuthorization(Permit.For(Role.Viewer, "read")).ExcludeFromDescription();
}
