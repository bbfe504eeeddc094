namespace CredSync.Shared.Http;

/// <summary>
/// Reads the whole answer within the try, so that a connection that breaks in mid-body is retried and timed like one that breaks before it,
/// and refuses answers beyond the size limit.
/// </summary>
internal sealed class WholeAnswerHandler(IHttpSettings settings) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            await answer.Content.LoadIntoBufferAsync(settings.LargestAnswer, cancellationToken).ConfigureAwait(false);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
