using CredSync.Issuers;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Registration;

/// <summary>An installed source adapter: read by the parser, lint, the reference pages and the host.</summary>
/// <param name="Name">What configuration calls it, for example <c>moodle</c>; lower-case words joined by <c>-</c>.</param>
/// <param name="Summary">What it connects to, in one sentence.</param>
/// <param name="OptionsType">Its sealed options class; properties carry <see cref="SettingAttribute"/>.</param>
/// <param name="Create">Makes the source for one configured connection.</param>
public sealed record SourceAdapter(string Name, string Summary, Type OptionsType, Func<IServiceProvider, SourceIdentity, object, ICompletionSource> Create)
{
    /// <summary>How far it trusts deliveries of its platform; null when it takes none.</summary>
    public WebhookTrust? Webhooks { get; init; }

    /// <summary>Whether a source of these options tells people's e-mail addresses, which some issuers need; lint asks. Default: it does.</summary>
    public Func<object, bool> GivesEmail { get; init; } = static _ => true;

    /// <summary>Whether a source of these options tells scores; a rule that asks for one from a source that tells none is refused by lint. Default: it does.</summary>
    public Func<object, bool> GivesScore { get; init; } = static _ => true;
}

/// <summary>An installed issuer adapter.</summary>
/// <param name="Name">What configuration calls it, for example <c>open-badges</c>; lower-case words joined by <c>-</c>.</param>
/// <param name="Summary">What it connects to, in one sentence.</param>
/// <param name="OptionsType">Its sealed options class; properties carry <see cref="SettingAttribute"/>.</param>
/// <param name="Create">Makes the issuer for one configured connection.</param>
public sealed record IssuerAdapter(string Name, string Summary, Type OptionsType, Func<IServiceProvider, IssuerIdentity, object, ICredentialIssuer> Create)
{
    /// <summary>What every issuer of this adapter can do; lint decides by it. Default: what <see cref="IssuerCapabilities"/> defaults to.</summary>
    public IssuerCapabilities Capabilities { get; init; } = new();

    /// <summary>Whether its issuers can take a credential back (<see cref="ICredentialRevoker"/>). Default false.</summary>
    public bool Revokes { get; init; }
}

/// <summary>Which configured source an adapter instance serves; a constructor parameter of every source.</summary>
/// <param name="Name">The source's name as configured; part of every completion key.</param>
public sealed record SourceIdentity(string Name)
{
    /// <summary>How many calls a minute its platform may be asked for, over all sources that ask the same host. Default null: as many as it takes.</summary>
    public int? CallsPerMinute { get; init; }
}

/// <summary>Which configured issuer an adapter instance serves; a constructor parameter of every issuer.</summary>
/// <param name="Name">The issuer's name as configured.</param>
/// <param name="DataFolder">Folder of the worker's data, where an adapter may keep files of its own, such as keys. Default <c>data</c>.</param>
public sealed record IssuerIdentity(string Name, string DataFolder = "data");

/// <summary>Registers adapters.</summary>
public static class AdapterRegistration
{
    /// <summary>Registers a source adapter. Its class takes <see cref="SourceIdentity"/>, its options, and any services in its constructor.</summary>
    /// <typeparam name="TSource">The source.</typeparam>
    /// <typeparam name="TOptions">Its sealed options class.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">What configuration calls it.</param>
    /// <param name="summary">What it connects to, in one sentence.</param>
    /// <param name="webhooks">How far it trusts deliveries of its platform, when it is an <see cref="IWebhookSource"/>; null when it takes none.</param>
    /// <param name="givesEmail">Whether a source of these options tells people's e-mail addresses; null when every one does.</param>
    /// <param name="givesScore">Whether a source of these options tells scores; null when every one may.</param>
    /// <exception cref="InvalidOperationException">The name is taken, or <paramref name="webhooks"/> is given for a source that takes no deliveries or left out for one that does.</exception>
    public static ICredSyncBuilder AddSource<TSource, TOptions>(this ICredSyncBuilder builder, string name, string summary, WebhookTrust? webhooks = null, Func<TOptions, bool>? givesEmail = null,
        Func<TOptions, bool>? givesScore = null)
        where TSource : class, ICompletionSource
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (typeof(IWebhookSource).IsAssignableFrom(typeof(TSource)) != webhooks.HasValue)
        {
            throw new InvalidOperationException(webhooks.HasValue
                ? $"Source adapter '{name}' is registered for webhooks but is no IWebhookSource."
                : $"Source adapter '{name}' is an IWebhookSource; register it with the WebhookTrust that its deliveries deserve.");
        }

        RefuseDuplicate(builder.Services.Any(s => s.ImplementationInstance is SourceAdapter a && a.Name == name), "source", name);
        builder.Services.AddSingleton(new SourceAdapter(name, summary, typeof(TOptions), static (services, identity, options) =>
            ActivatorUtilities.CreateInstance<TSource>(services, identity, (TOptions)options))
        {
            Webhooks = webhooks,
            GivesEmail = options => givesEmail?.Invoke((TOptions)options) ?? true,
            GivesScore = options => givesScore?.Invoke((TOptions)options) ?? true,
        });
        return builder;
    }

    /// <summary>Registers an issuer adapter. Its class takes <see cref="IssuerIdentity"/>, its options, and any services in its constructor.</summary>
    /// <typeparam name="TIssuer">The issuer.</typeparam>
    /// <typeparam name="TOptions">Its sealed options class.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">What configuration calls it.</param>
    /// <param name="summary">What it connects to, in one sentence.</param>
    /// <param name="capabilities">What every issuer of this adapter can do, as its <see cref="ICredentialIssuer.Capabilities"/> says; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public static ICredSyncBuilder AddIssuer<TIssuer, TOptions>(this ICredSyncBuilder builder, string name, string summary, IssuerCapabilities? capabilities = null)
        where TIssuer : class, ICredentialIssuer
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        RefuseDuplicate(builder.Services.Any(s => s.ImplementationInstance is IssuerAdapter a && a.Name == name), "issuer", name);
        builder.Services.AddSingleton(new IssuerAdapter(name, summary, typeof(TOptions), static (services, identity, options) =>
            ActivatorUtilities.CreateInstance<TIssuer>(services, identity, (TOptions)options))
        {
            Capabilities = capabilities ?? new IssuerCapabilities(),
            Revokes = typeof(ICredentialRevoker).IsAssignableFrom(typeof(TIssuer)),
        });
        return builder;
    }

    private static void RefuseDuplicate(bool taken, string kind, string name)
    {
        if (taken)
        {
            throw new InvalidOperationException($"Two {kind} adapters are called '{name}'; rename one of them.");
        }
    }
}
