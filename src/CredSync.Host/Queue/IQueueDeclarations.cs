namespace CredSync.Host.Queue;

/// <summary>Makes sure that a queue exists before the first message is sent to it: a message must not be lost because its consumer has never been up.</summary>
internal interface IQueueDeclarations
{
    /// <summary>Where to send commands for an issuer, its queue being declared.</summary>
    ValueTask<Uri> IssuerAsync(string issuer, CancellationToken ct);

    /// <summary>Declares the queue of outcomes.</summary>
    ValueTask OutcomeAsync(CancellationToken ct);

    /// <summary>Forgets what was declared: a message came back because a queue that was there is there no more.</summary>
    void Forget();
}

/// <summary>The in-memory queue declares itself.</summary>
internal sealed class MemoryQueueDeclarations : IQueueDeclarations
{
    public ValueTask<Uri> IssuerAsync(string issuer, CancellationToken ct) => ValueTask.FromResult(new Uri($"queue:{QueueNames.OfIssuer(issuer)}"));

    public ValueTask OutcomeAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public void Forget()
    {
        // Nothing is remembered.
    }
}
