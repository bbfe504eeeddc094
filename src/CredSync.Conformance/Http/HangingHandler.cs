namespace CredSync.Conformance.Http;

/// <summary>A platform that takes the first request and never answers.</summary>
internal sealed class HangingHandler(HttpMessageHandler platform, TaskCompletionSource? shared = null) : DelegatingHandler(platform)
{
    private readonly TaskCompletionSource reached = shared ?? new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the first request is there.</summary>
    public Task Reached => reached.Task;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        reached.TrySetResult();
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
