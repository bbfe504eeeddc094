using CredSync.Host.RuleBooks;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Host.Operations.Alerts;

/// <summary>Registers the channels that are configured.</summary>
internal static class AlertRegistration
{
    public static void AddAlerts(this IServiceCollection services, AlertOptions alerts, OperationsOptions operations)
    {
        string address = alerts.PublicAddress ?? operations.Address;
        if (alerts.Webhook is { Length: > 0 } webhook)
        {
            services.AddSingleton<IAlertChannel>(_ => new WebhookChannel(new HttpClient { Timeout = TimeSpan.FromSeconds(10) }, webhook, address));
        }

        if (alerts.Mail is { Host.Length: > 0 } mail)
        {
            services.AddSingleton<IAlertChannel>(sp => new MailChannel(mail, sp.GetRequiredService<SecretReader>(), address, sp.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton<AlertWatch>();
        services.AddHostedService(sp => sp.GetRequiredService<AlertWatch>());
    }
}
