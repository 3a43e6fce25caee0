using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Sources;

/// <summary>
/// The page looks again by the clock while it is open. It is the same look: no row moves, what is focused and what is open stay, and the
/// trail has it once. Rights are asked for anew each time, so what was revoked leaves the screen.
/// </summary>
public sealed partial class SourcesPage
{
    private DateTimeOffset? _stale;

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = PageClock.RunAsync(Time, PageClock.Every, () => InvokeAsync(LookAgainAsync), Leaving);
    }

    private async Task LookAgainAsync()
    {
        if (State.Phase != LoadPhase.Ready || await ActAsync() is not { } principal) return;
        try
        {
            var (now, asked) = (Time.GetUtcNow(), Force);
            var (sources, withheld) = await Queries.DayAsync(principal, asked, now, again: true, Leaving);
            // Another force was chosen meanwhile: its own load shows it.
            if (asked != Force || State.Phase != LoadPhase.Ready) return;
            (_sources, _withheld, _now, _stale) = (sources, withheld, now, null);
            // A source that was not there when its address was opened is looked at for the first time when it comes.
            if (Opened is not null) await ReadOpenAsync(principal, again: _detail is not null, Leaving);
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
#pragma warning disable CA1031 // What is on screen stays, and says of when it is; the clock tries again.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _stale ??= _now;
        }

        StateHasChanged();
    }
}
