using Polly;

namespace CredSync.Shared.Http;

/// <summary>Hands the caller's cancellation to the policy's waits, which Polly does not do for retries that wait on an injected clock.</summary>
internal sealed class CancellationHandler : DelegatingHandler
{
    /// <summary>Where the token stands in the policy's context.</summary>
    public const string Key = "credsync-cancellation";

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.SetPolicyExecutionContext(new Context { [Key] = cancellationToken });
        return base.SendAsync(request, cancellationToken);
    }
}
