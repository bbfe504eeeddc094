using System.Net.Http.Json;
using CredSync.Host.RuleBooks;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CredSync.Host.Operations.Alerts;

/// <summary>Posts alerts as JSON to an address.</summary>
internal sealed class WebhookChannel(HttpClient client, string address, string publicAddress) : IAlertChannel
{
    public string Name => "webhook";

    public async Task TellAsync(AlertEvent told, CancellationToken ct)
    {
        var body = new
        {
            state = told.IsOver ? "over" : "began", code = told.Alert.Code, target = told.Alert.Target, sentence = told.Alert.Sentence, at = told.At, link = publicAddress.TrimEnd('/') + told.Alert.Screen,
            command = told.Alert.Command, text = AlertWords.Subject(told),
        };
        using HttpResponseMessage answer = await client.PostAsJsonAsync(address, body, ct).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>Sends alerts by e-mail.</summary>
internal sealed class MailChannel(MailOptions options, SecretReader secrets, string publicAddress, TimeProvider time) : IAlertChannel
{
    public string Name => "e-mail";

    public async Task TellAsync(AlertEvent told, CancellationToken ct)
    {
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.From));
        message.To.Add(MailboxAddress.Parse(options.To));
        message.Date = time.GetUtcNow();
        message.Subject = AlertWords.Subject(told);
        message.Body = new TextPart("plain") { Text = AlertWords.Body(told, publicAddress) };
        using var client = new SmtpClient();
        await client.ConnectAsync(options.Host, options.Port, options.Tls ? SecureSocketOptions.Auto : SecureSocketOptions.None, ct).ConfigureAwait(false);
        if (options.User is { Length: > 0 } user && options.Password is { Length: > 0 } reference)
        {
            await client.AuthenticateAsync(user, secrets.Of(reference).Reveal(), ct).ConfigureAwait(false);
        }

        await client.SendAsync(message, ct).ConfigureAwait(false);
        await client.DisconnectAsync(true, ct).ConfigureAwait(false);
    }
}

/// <summary>Alerts in words.</summary>
internal static class AlertWords
{
    public static string Subject(AlertEvent told) => $"CredSync: {(told.IsOver ? "over: " : "")}{told.Alert.Key.Trim()}";

    public static string Body(AlertEvent told, string publicAddress) =>
        $"""
        {(told.IsOver ? "It is over: " : "")}{told.Alert.Sentence}

        At {Words.Time(told.At)}
        Screen:  {publicAddress.TrimEnd('/')}{told.Alert.Screen}
        Command: {told.Alert.Command}
        Runbook: docs/operating.md#alert-{told.Alert.Code}
        """;
}
