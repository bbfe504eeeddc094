using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.JSInterop;

namespace CredSync.Host.Operations.Dashboard;

/// <summary>Whether anybody can see a browser's tab: it is in front, and its connection stands. Nothing is read for one that nobody sees.</summary>
internal sealed class Attention : CircuitHandler, IDisposable
{
    private readonly Lock one = new();
    private DotNetObjectReference<Attention>? reference;
    private TaskCompletionSource seen = Seeing();
    private bool inFront = true;
    private bool connected = true;

    public Attention() => seen.SetResult();

    /// <summary>Is done as soon as somebody sees the tab; at once when somebody does.</summary>
    public Task SeenAsync
    {
        get
        {
            lock (one)
            {
                return seen.Task;
            }
        }
    }

    /// <summary>Begins to listen to the browser.</summary>
    public async Task WatchAsync(IJSRuntime script)
    {
        reference ??= DotNetObjectReference.Create(this);
        Seen(await script.InvokeAsync<bool>("credsync.watch", reference));
    }

    /// <summary>The browser tells whether the tab is in front.</summary>
    [JSInvokable]
    public void Seen(bool isInFront) => Change(() => inFront = isInFront);

    /// <inheritdoc />
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Change(() => connected = false);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Change(() => connected = true);
        return Task.CompletedTask;
    }

    public void Dispose() => reference?.Dispose();

    private static TaskCompletionSource Seeing() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        lock (one)
        {
            change();
            if (inFront && connected)
            {
                seen.TrySetResult();
            }
            else if (seen.Task.IsCompleted)
            {
                seen = Seeing();
            }
        }
    }
}
