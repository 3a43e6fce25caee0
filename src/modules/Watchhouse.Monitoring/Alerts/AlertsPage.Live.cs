using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// New alerts, while the page is open: told by the detection job of this node, and looked for by the clock for those of
/// others. Only their number is asked for; rows come when the person wants them, so that nothing moves under a cursor and a
/// look is written to the audit trail when somebody looks.
/// </summary>
public sealed partial class AlertsPage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Many alerts at once are one question.
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _told = new(0, 1);
    private (DateTimeOffset At, Guid Id) _newest;
    private int _newer;

    private string NewerWords => _newer > AlertQueries.MostCounted ? $"More than {AlertQueries.MostCounted} new alerts" : _newer == 1 ? "1 new alert" : $"{_newer} new alerts";

    protected override void Dispose(bool disposing)
    {
        if (disposing) Signal.Raised -= OnRaised;
        base.Dispose(disposing);
        if (disposing) _told.Dispose();
    }

    private void Watch()
    {
        Signal.Raised += OnRaised;
        _ = WatchAsync(Leaving);
    }

    // On the thread of the detection job: it must not wait.
    private void OnRaised(IReadOnlySet<ForceId> forces)
    {
        if (Principal is not { } principal || !principal.ForcesFor(Permissions.AlertsRead).Any(forces.Contains)) return;
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
                await InvokeAsync(CountNewerAsync);
                await Task.Delay(Gather, Time, leaving);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The person has left.
        }
    }

    private async Task CountNewerAsync()
    {
        if (State.Phase != Platform.Ui.LoadPhase.Ready || !Filter().Succeeded || await ActAsync() is not { } principal) return;
        var newest = _newest;
        try
        {
            var newer = await Queries.NewerAsync(principal, Filter().Value!, newest.At, newest.Id, Leaving);
            if (newest != _newest || newer == _newer) return;
            // Nobody has a row in hand while there is none.
            if (_rows.Count == 0 && newer > 0) await ReloadAsync();
            else _newer = newer;
            StateHasChanged();
        }
        catch (AccessRefusedException)
        {
            // A right was taken away meanwhile; the next look at the page says so.
        }
#pragma warning disable CA1031 // A count that fails is asked for again by the clock; the page goes on without it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _newer = 0;
        }
    }

    private async Task ShowNewerAsync()
    {
        if (_newer == 0 || !Filter().Succeeded || await ActAsync() is not { } principal) return;
        try
        {
            var page = await Queries.PageAsync(principal, Filter().Value! with { Take = AlertFilter.MostTaken }, Leaving);
            var known = _rows.Select(row => row.Id).ToHashSet();
            var fresh = page.Rows.TakeWhile(row => !known.Contains(row.Id)).ToList();
            if (fresh.Count == page.Rows.Count)
            {
                // More came than fit above what is on screen: the list begins again.
                _rows.Clear();
                (_next, _lookedBackTo) = (page.Next, page.LookedBackTo);
            }

            _rows.InsertRange(0, fresh);
            if (_rows.Count > MostHeld)
            {
                _rows.RemoveRange(MostHeld, _rows.Count - MostHeld);
                _next = _rows[^1].Id;
            }

            if (_rows.Count > 0) _newest = (_rows[0].RaisedAt, _rows[0].Id);
            _newer = 0;
            StateHasChanged();
        }
        catch (AccessRefusedException refused)
        {
            State = Platform.Ui.LoadState.From(refused.Failure);
        }
    }
}
