using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Playbooks;

/// <summary>
/// A page that shows changes by itself: told by operations of this node, and by the clock for those of others. It loads within the
/// reader's rights of that moment.
/// </summary>
public abstract class LivePage : HousePage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(300);
    private readonly SemaphoreSlim _told = new(0, 1);

    [Inject] private RunSignal Signal { get; set; } = default!;

    /// <summary>Whether this load only shows anew what was opened before.</summary>
    protected bool Again { get; private set; }

    protected override void OnInitialized()
    {
        if (!RendererInfo.IsInteractive) return;
        Signal.Raised += OnRaised;
        _ = WatchAsync(Leaving);
    }

    /// <summary>Loads after a change that the person made here.</summary>
    protected async Task RefreshAsync()
    {
        Again = true;
        try
        {
            await ReloadAsync();
        }
        finally
        {
            Again = false;
        }

        StateHasChanged();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Signal.Raised -= OnRaised;
        base.Dispose(disposing);
        if (disposing) _told.Dispose();
    }

    // On the thread of whoever changed something: it must not wait.
    private void OnRaised(ForceId force)
    {
        // Of one's own organisation, and of those that let one see something; what of it is shown, the load decides.
        if (Principal is not { } principal || (principal.Home != force && !principal.Delegations.Any(each => each.From == force))) return;
        try
        {
            if (_told.CurrentCount == 0) _told.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Told already, or the person has just left.
        }
    }

    private async Task WatchAsync(CancellationToken leaving)
    {
        try
        {
            while (true)
            {
                await _told.WaitAsync(Patience, leaving);
                await Task.Delay(Gather, Time, leaving);
                if (State.Phase == LoadPhase.Ready) await InvokeAsync(RefreshAsync);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The person has left.
        }
    }
}
