using System.Security.Claims;
using CredSync.Host.Operations.Access;
using CredSync.Host.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CredSync.Host.Operations.Dashboard;

/// <summary>A screen that reads its figures again every few seconds while somebody looks.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource left = new();
    private bool loading;

    /// <summary>The clock.</summary>
    [Inject]
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Who is signed in.</summary>
    [CascadingParameter]
    public Task<AuthenticationState>? SignIn { get; set; }

    /// <summary>Why there is nothing to show; null when all is well.</summary>
    protected string? Trouble { get; private set; }

    /// <summary>What an act said last; null when there was none.</summary>
    protected string? Said { get; private set; }

    /// <summary>Whether what was said is a refusal.</summary>
    protected bool Refused { get; private set; }

    /// <summary>Who looks.</summary>
    protected ClaimsPrincipal User { get; private set; } = new();

    /// <summary>Is cancelled when the screen is left.</summary>
    protected CancellationToken Left => left.Token;

    /// <summary>Why this person may not change something of a kind; null when they may.</summary>
    /// <param name="scope">The kind.</param>
    protected string? WhyNot(string scope) => User.WhyNot(Role.Operator, scope);

    /// <summary>Reads what the screen shows.</summary>
    /// <param name="ct">Cancels.</param>
    protected abstract Task LoadAsync(CancellationToken ct);

    /// <summary>Does an act, says what came of it, and reads again.</summary>
    /// <param name="act">The act; gives a sentence.</param>
    protected async Task DoAsync(Func<CancellationToken, Task<string>> act)
    {
        try
        {
            Said = await act(left.Token);
            Refused = false;
        }
        catch (Exception e) when (e is Failures.ActException or StorageException or CollisionException or Ledger.Operators.CursorException)
        {
            Said = e.Message;
            Refused = true;
        }

        await ReadAsync();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (SignIn is not null)
        {
            User = (await SignIn).User;
        }

        await ReadAsync();
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = LiveAsync();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        left.Cancel();
        left.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task LiveAsync()
    {
        try
        {
            CancellationToken ct = left.Token;
            using var timer = new PeriodicTimer(Between, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(ct))
            {
                await InvokeAsync(async () =>
                {
                    await ReadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The screen was left.
        }
    }

    private async Task ReadAsync()
    {
        if (loading || left.IsCancellationRequested)
        {
            return;
        }

        loading = true;
        try
        {
            await LoadAsync(left.Token);
            Trouble = null;
        }
        catch (Exception e) when (e is StorageException or Ledger.Operators.CursorException or Failures.ActException)
        {
            Trouble = e.Message;
        }
        catch (OperationCanceledException)
        {
            // The screen was left.
        }
        finally
        {
            loading = false;
        }
    }
}
