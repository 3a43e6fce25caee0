using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Wall;

/// <summary>
/// The wall keeps itself: it is told of what operations of this node change, looks by the clock besides, and goes on trying when a look
/// fails. How old it is, the browser says by itself: a screen that the server no longer reaches must not seem calm.
/// </summary>
public sealed partial class WallPage
{
    /// <summary>What fits on the screen and can be read from three metres.</summary>
    private const int First = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // What changes in a burst is looked at once.
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _told = new(0, 1);
    private WallModel? _model;
    private IReadOnlyList<NationTile> _tiles = [];
    private IReadOnlyDictionary<ForceId, TileFigure> _figures = new Dictionary<ForceId, TileFigure>();
    private bool _stale;

    [Inject] private WallReader Reader { get; set; } = default!;

    [Inject] private IOrganisations Organisations { get; set; } = default!;

    [Inject] private RunSignal Signal { get; set; } = default!;

    protected override void OnInitialized()
    {
        if (!RendererInfo.IsInteractive) return;
        Signal.Raised += OnRaised;
        _ = KeepFreshAsync(Leaving);
    }

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        if (!principal.Holds(Permissions.WallRead)) return Failure.Refused("Your role no longer includes the wall. Your administrator can change that.");
        if (_tiles.Count == 0) _tiles = NationTiles.Of(await Organisations.ListAsync(cancellationToken));
        var model = await Reader.WallAsync(principal, First, _model is not null, cancellationToken);
        // A force whose alerts are not in sight is not calm: it is not seen.
        var alerts = (model.Nation ?? []).ToDictionary(each => each.Force);
        var seen = principal.ForcesFor(Permissions.AlertsRead).Except(model.Withheld).ToHashSet();
        _figures = _tiles.Where(tile => seen.Contains(tile.Force)).ToDictionary(tile => tile.Force, tile => WallWords.Tile(alerts.GetValueOrDefault(tile.Force)));
        (_model, _stale) = (model, false);
        return null;
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
        try
        {
            if (_told.CurrentCount == 0) _told.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Told already, or the wall was just taken down.
        }
    }

    private async Task KeepFreshAsync(CancellationToken leaving)
    {
        try
        {
            while (true)
            {
                await _told.WaitAsync(Patience, leaving);
                await Task.Delay(Gather, Time, leaving);
                await InvokeAsync(RefreshAsync);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The wall was taken down.
        }
    }

    /// <summary>Reads anew without touching what is on screen; when that fails, it stays, and says how old it is.</summary>
    private async Task RefreshAsync()
    {
        if (_model is null)
        {
            if (State.Phase is not (LoadPhase.Loading or LoadPhase.NoRights)) await ReloadAsync();
            StateHasChanged();
            return;
        }

        try
        {
            if (await ActAsync() is { } principal && await LoadAsync(principal, Leaving) is { } failure) State = LoadState.From(failure);
        }
#pragma warning disable CA1031 // A refresh that nobody asked for must not take away what was there.
        catch (Exception e) when (e is not (OperationCanceledException or NavigationException))
#pragma warning restore CA1031
        {
            _stale = true;
        }

        StateHasChanged();
    }

    private static string Stamp(DateTimeOffset when) => when.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
