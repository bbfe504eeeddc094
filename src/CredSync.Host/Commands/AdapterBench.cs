using System.Reflection;
using CredSync.Core.Configuration;
using CredSync.Registration;
using CredSync.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace CredSync.Host.Commands;

/// <summary>Makes instances of one configured source, each as in a process of its own, with a handler of choice before the network.</summary>
internal sealed class AdapterBench(SourceDefinition source, Func<Action<IServiceCollection>, ServiceProvider> build) : IAsyncDisposable
{
    private readonly List<ServiceProvider> providers = [];

    /// <summary>The settings that hold secrets, in the order of the options class, with their values; a secret that cannot be read is left out.</summary>
    public IReadOnlyList<(string Setting, string Value)> Secrets { get; } = [.. SecretsOf(source.Options)];

    /// <summary>The adapter's options class.</summary>
    public Type OptionsType => source.Options.GetType();

    /// <summary>Makes an instance.</summary>
    /// <param name="around">Puts a handler before the network.</param>
    public ICompletionSource Create(Func<HttpMessageHandler, HttpMessageHandler> around)
    {
        ServiceProvider provider = build(services => services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Around(around)));
        providers.Add(provider);
        return provider.GetServices<SourceAdapter>().Single(a => a.Name == source.Adapter).Create(provider, new SourceIdentity(source.Name), source.Options);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider provider in providers)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IEnumerable<(string Setting, string Value)> SecretsOf(object options)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties().Where(p => p.PropertyType == typeof(Secret)))
        {
            string? value = null;
            try
            {
                value = ((Secret?)property.GetValue(options))?.Reveal().Trim();
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                // The reading itself says so, with the setting's name.
            }

            if (value is { Length: > 0 })
            {
                yield return (property.GetCustomAttribute<SettingAttribute>()?.Name ?? property.Name, value);
            }
        }
    }

    private sealed class Around(Func<HttpMessageHandler, HttpMessageHandler> around) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.PrimaryHandler = around(builder.PrimaryHandler);
        };
    }
}
