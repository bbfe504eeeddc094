using System.Security.Claims;
using CredSync.Host.Operations.Access;
using CredSync.Host.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CredSync.Host.Operations.Dashboard;

/// <summary>
/// A screen that shows its figures anew every few seconds while somebody sees it. Everybody who looks at the same shares what is read, and it is read again only when the
/// ledger has changed.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    // So long the rest of a screen waits for what is dear to read.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource left = new();
    private bool loading;
    private bool again;
    private bool fresh;
    private bool awaiting;
    private string? trouble;
    private string? lateTrouble;

    /// <summary>A screen.</summary>
    protected LivePage() => Left = left.Token;

    /// <summary>The clock.</summary>
    [Inject]
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Who is signed in.</summary>
    [CascadingParameter]
    public Task<AuthenticationState>? SignIn { get; set; }

    /// <summary>What open screens share.</summary>
    [Inject]
    internal Looks Looks { get; set; } = null!;

    /// <summary>Whether anybody sees this screen.</summary>
    [Inject]
    internal Attention Attention { get; set; } = null!;

    /// <summary>Why there is nothing to show; null when all is well.</summary>
    protected string? Trouble => trouble ?? lateTrouble;

    /// <summary>What an act said last; null when there was none.</summary>
    protected string? Said { get; private set; }

    /// <summary>Whether what was said is a refusal.</summary>
    protected bool Refused { get; private set; }

    /// <summary>Who looks.</summary>
    protected ClaimsPrincipal User { get; private set; } = new();

    /// <summary>Is cancelled when the screen is left.</summary>
    protected CancellationToken Left { get; private set; }

    /// <summary>Why this person may not change something of a kind; null when they may.</summary>
    /// <param name="scope">The kind.</param>
    protected string? WhyNot(string scope) => User.WhyNot(Role.Operator, scope);

    /// <summary>Reads what the screen shows.</summary>
    /// <param name="ct">Cancels.</param>
    protected abstract Task LoadAsync(CancellationToken ct);

    /// <summary>What is to be seen of something: what was read for anybody who sees the same is good for all of them.</summary>
    /// <param name="of">Of what: everything that the reading depends on, and nothing that is this person's own.</param>
    /// <param name="take">Reads it; it outlives this screen, so it uses nothing of it but services.</param>
    /// <param name="ct">Cancels.</param>
    internal ValueTask<T> SeeAsync<TOf, T>(TOf of, Func<TOf, CancellationToken, Task<T>> take, CancellationToken ct)
        where T : class =>
        Looks.SeeAsync((GetType(), typeof(T), of), own => take(of, own), fresh, ct);

    /// <summary>
    /// What is dear to read, such as a count over a million lines: it is waited for a moment only, so that the rest of the screen is there at once. When it comes, the screen is
    /// drawn again.
    /// </summary>
    /// <param name="of">Of what: everything that the reading depends on, and nothing that is this person's own.</param>
    /// <param name="take">Reads it; it outlives this screen, so it uses nothing of it but services.</param>
    /// <param name="ct">Cancels the waiting; what is read is good for others and is read to its end.</param>
    /// <returns>Null while it is being read for the first time, or after long.</returns>
    internal ValueTask<T?> SeeSoonAsync<TOf, T>(TOf of, Func<TOf, CancellationToken, Task<T>> take, CancellationToken ct)
        where T : class =>
        SoonAsync(Looks.SeeAsync((GetType(), typeof(T), of), own => Apart.RunAsync(o => take(of, o), own), fresh, CancellationToken.None), ct);

    /// <summary>The same, of what others read.</summary>
    /// <param name="seeing">What is being read; cancelled by nobody's leaving, and not on the thread that asks.</param>
    /// <param name="ct">Cancels the waiting.</param>
    internal async ValueTask<T?> SoonAsync<T>(ValueTask<T> seeing, CancellationToken ct)
        where T : class
    {
        Task<T> coming = seeing.AsTask();
        if (coming.IsCompleted || await Task.WhenAny(coming, Task.Delay(Moment, Time, ct)) == coming)
        {
            T there = await coming;
            lateTrouble = null;
            return there;
        }

        if (!awaiting)
        {
            awaiting = true;
            _ = ReadWhenThereAsync(coming);
        }

        return null;
    }

    /// <summary>Does an act, says what came of it, and reads again.</summary>
    /// <param name="act">The act; gives a sentence.</param>
    protected async Task DoAsync(Func<CancellationToken, Task<string>> act)
    {
        try
        {
            Said = await act(Left);
            Refused = false;
        }
        catch (Exception e) when (IsForPeople(e))
        {
            Said = e.Message;
            Refused = true;
        }

        fresh = true;
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
            CancellationToken ct = Left;
            using var timer = new PeriodicTimer(Between, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(ct))
            {
                await Attention.SeenAsync.WaitAsync(ct);
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
        catch (Exception e)
        {
            // Shown, instead of figures that stand still and look as if they were of now.
            await DispatchExceptionAsync(e);
        }
    }

    private async Task ReadWhenThereAsync(Task coming)
    {
        await coming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Left.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await InvokeAsync(async () =>
            {
                awaiting = false;
                switch (coming.Exception?.InnerException)
                {
                    case { } e when !IsForPeople(e):
                        await DispatchExceptionAsync(e);
                        return;
                    case { } e:
                        lateTrouble = e.Message;
                        break;
                    default:
                        await ReadAsync();
                        break;
                }

                StateHasChanged();
            });
        }
        catch (ObjectDisposedException)
        {
            // The screen was left.
        }
    }

    private static bool IsForPeople(Exception e) => e is StorageException or CollisionException or Ledger.Operators.CursorException or Failures.ActException;

    private async Task ReadAsync()
    {
        // What is asked for while something is read is read after it: a page that was turned must not show the one before.
        if (loading)
        {
            again = true;
            return;
        }

        loading = true;
        try
        {
            do
            {
                again = false;
                bool wasFresh = fresh;
                await LoadAsync(Left);
                fresh = fresh && !wasFresh;
            }
            while (again && !Left.IsCancellationRequested);
            trouble = null;
        }
        catch (Exception e) when (IsForPeople(e))
        {
            trouble = e.Message;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && Left.IsCancellationRequested)
        {
            // The screen was left.
        }
        finally
        {
            loading = false;
        }
    }
}
