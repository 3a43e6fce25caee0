using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Shell.Nation;

namespace Watchhouse.Shell.Pages;

public sealed partial class Overview
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);
    private static readonly IReadOnlyDictionary<ForceId, TileFigure> NoFigures = new Dictionary<ForceId, TileFigure>();
    private static readonly TileMapScale NoScale = new("Forces", []);

    private readonly List<PageKey> _keys = [];
    private OverviewView? _view;
    private IReadOnlyList<NationTile> _tiles = [];
    private bool _stale;

    [SupplyParameterFromQuery(Name = "figure")]
    public string? FigureKey { get; set; }

    /// <summary>The force the page is about: the chosen one, or one's own. Null: the nation.</summary>
    private ForceId? Focus => Force ?? (Principal is { IsCentre: false } own ? own.Home : null);

    private string Heading => Focus is { } force ? $"Overview of {NameOf(force)}" : "Overview";

    /// <summary>The figure that colours the map: the one in the address, else the first that says something here.</summary>
    private FigureReading? Chosen => _view is null ? null
        : _view.Figures.FirstOrDefault(f => f.Key == FigureKey)
            ?? (Focus is { } force ? _view.Figures.FirstOrDefault(f => f.Values.ContainsKey(force)) : null)
            ?? (_view.Figures is [var first, ..] ? first : null);

    private IReadOnlyList<WaitingMatter> Matters => _view is null ? []
        : Force is { } force ? [.. _view.Waiting.Where(m => m.Item.Force == force)]
        : _view.Waiting;

    private IReadOnlyList<HeaderFigure> HeaderFigures => _view is null || Matters.Count == 0 ? []
        : [new(Matters.Count.ToString(CultureInfo.InvariantCulture), Matters.Count == 1 ? "needs you" : "need you", $"{new Uri(Navigation.Uri).PathAndQuery}#needs-you")];

    private IReadOnlyList<LampFigure> Tiles =>
        _view is null || Principal is null ? [] : LampFigures.Of(_view, Principal, Focus, Choice);

    private string WhyNoFigure => Principal is { IsCentre: true }
        ? "No force has delegated anything to the Centre yet, so there is nothing to colour. A force grants a delegation from its own Delegations page."
        : "No figure of your force is visible to your role.";

    /// <summary>Forces without a place on the map, in the order of their names.</summary>
    private IReadOnlyList<OrganisationSummary> Beyond =>
        _view is null ? [] : [.. _view.Forces.Where(f => !_tiles.Any(t => t.Force == f.Id))];

    private string CalmBecause => Force is { } chosen && chosen != Principal?.Home ? $"Nothing about {NameOf(chosen)} waits. What comes to need you appears here by itself."
        : Principal?.Holds(Platform.Authorisation.Permissions.DelegationsRead) is true
        ? "No delegation that you gave or hold ends within 30 days. What comes to need you appears here by itself."
        : "Your role has nothing that waits. What comes to need you appears here by itself.";

    protected override void OnInitialized() =>
        _keys.Add(new PageKey("r", "Refresh the figures now", _ => RefreshAsync()));

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var view = await Reader.ReadAsync(principal, cancellationToken);
        _tiles = NationTiles.Of(view.Organisations);
        (_view, _stale) = (view, false);
        return null;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && RendererInfo.IsInteractive) _ = KeepFreshAsync();
    }

    private async Task KeepFreshAsync()
    {
        using var timer = new PeriodicTimer(Pause, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(Leaving)) await InvokeAsync(RefreshAsync);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The person left the page.
        }
    }

    /// <summary>Reads anew without touching what is on screen; when that fails, the page says how old it is.</summary>
    private async Task RefreshAsync()
    {
        if (State.Phase != LoadPhase.Ready) return;
        try
        {
            if (await ActAsync() is { } principal) await LoadAsync(principal, Leaving);
        }
#pragma warning disable CA1031 // A refresh that nobody asked for must not take away what was there.
        catch (Exception e) when (e is not (OperationCanceledException or NavigationException))
#pragma warning restore CA1031
        {
            _stale = true;
        }

        StateHasChanged();
    }

    private static string TileHref(NationTile tile) => $"/forces/{tile.Force}";

    private string Choice(FigureReading figure) => With("figure", figure.Key);

    private string NameOf(ForceId id) => _view?.NameOf(id) ?? id.Value;

    private static Dictionary<ForceId, TileFigure> TileFigures(FigureReading figure) =>
        figure.Values.ToDictionary(v => v.Key, v => FigureSteps.Tile(v.Value));
}
