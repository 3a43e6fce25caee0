using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Collect.Pages;

public sealed partial class CollectorsPage
{
    private const string SetUp = "set-up";
    private const int Week = 7;
    private const int Month = 30;

    private IReadOnlyList<CollectorLine> _lines = [];
    private IReadOnlyList<ForceId> _withheld = [];
    private Dictionary<string, string> _names = [];
    private CollectorCoverage? _coverage;
    private LoadState _coverageState = LoadState.Loading;
    private DateTimeOffset _now;
    private DateTimeOffset? _stale;
    private ForceId? _one;
    private (Guid?, int) _shown;
    private bool _reasoning;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>The collector whose detail is open.</summary>
    [SupplyParameterFromQuery(Name = "collector")]
    public string? Chosen { get; set; }

    /// <summary><c>30</c> for a month of coverage; a week otherwise.</summary>
    [SupplyParameterFromQuery(Name = "days")]
    public string? Days { get; set; }

    /// <summary><c>set-up</c> while the form of a new collector is open.</summary>
    [SupplyParameterFromQuery(Name = "do")]
    public string? Do { get; set; }

    protected override IEnumerable<string> DetailParameters => ["collector", "days", "q", "show", "do"];

    private Guid? Opened => Guid.TryParse(Chosen, out var id) ? id : null;

    private CollectorLine? Open => _lines.FirstOrDefault(l => l.Collector.Id == Opened);

    private int ShownDays => Days == "30" ? Month : Week;

    private bool MayMake => Principal is { } who && who.May(Permissions.CollectorsManage, who.Home) && !who.IsCentre && (Force is null || Force == who.Home);

    private string? ClearHref => Text is null && Show is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = null, ["show"] = null });

    private string EmptyText => MayMake
        ? "One is set up for each API: Office 365 audit, sign-ins, directory audits, alerts, Azure activity, event hubs. You need an application in your tenant, its consent, and its certificate or secret."
        : "A force's information security officer or IT lead sets collectors up for it; nobody else can. What is sent to the Centre without them is on the Sources tab.";

    private List<CollectorLine> Listed =>
    [
        .. _lines.Where(line => (Text is null || line.Collector.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)
                || line.Collector.Source.Contains(Text, StringComparison.OrdinalIgnoreCase)
                || CollectorWords.Of(line.Collector.Kind).Title.Contains(Text, StringComparison.OrdinalIgnoreCase)
                || NameOf(line.Collector.Force).Contains(Text, StringComparison.OrdinalIgnoreCase))
            && (Show != "attention" || CollectorWords.Wants(line, _now) || line.Collector.Id == Opened)),
    ];

    private IReadOnlyList<HeaderFigure> Figures
    {
        get
        {
            if (!State.ShowsContent || _lines.Count == 0) return [];
            var failing = _lines.Count(l => CollectorWords.State(l.Collector, _now).Tone is Tone.Danger or Tone.Warning);
            var lapsing = _lines.Count(l => CollectorWords.Credential(l.Collector, _now).Tone is Tone.Danger or Tone.Warning);
            var gaps = _lines.Sum(l => l.Gaps);
            var attention = With("show", "attention");
            List<HeaderFigure> figures = [new(Number(_lines.Count), _lines.Count == 1 ? "collector" : "collectors", With("show", null))];
            if (failing > 0) figures.Add(new(Number(failing), failing == 1 ? "meets a problem" : "meet a problem", attention, Tone.Danger));
            if (lapsing > 0) figures.Add(new(Number(lapsing), lapsing == 1 ? "credential lapses within 30 days" : "credentials lapse within 30 days", attention, Tone.Warning));
            if (gaps > 0) figures.Add(new(Number(gaps), gaps == 1 ? "gap in 30 days" : "gaps in 30 days", attention, Tone.Warning));
            return figures;
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = PageClock.RunAsync(Time, PageClock.Every, () => InvokeAsync(LookAgainAsync), Leaving);
    }

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(l => l.Id.Value, l => l.Name);
        _one = Force ?? (principal.ForcesFor(Permissions.SourcesRead) is [var only] ? only : null);
        await ReadAsync(principal, again: false, cancellationToken);
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (!RendererInfo.IsInteractive || _shown == (Opened, ShownDays) || !State.ShowsContent) return;
        if (await ActAsync() is { } principal) await GuardAsync(() => CoverAsync(principal, again: false, Leaving));
    }

    private async Task ReadAsync(ActingPrincipal principal, bool again, CancellationToken cancellationToken)
    {
        var (lines, withheld) = await Views.ListAsync(principal, Force, again, cancellationToken);
        (_lines, _withheld, _now, _stale) = (lines, withheld, Time.GetUtcNow(), null);
        await CoverAsync(principal, again, cancellationToken);
    }

    /// <summary>Reads how far the open collector is covered, and keeps what is on screen until the answer is there.</summary>
    private async Task CoverAsync(ActingPrincipal principal, bool again, CancellationToken cancellationToken)
    {
        var wanted = (Opened, ShownDays);
        if (_shown.Item1 != Opened) _coverage = null;
        _shown = wanted;
        if (Open is not { } open) return;
        if (_coverage is null) _coverageState = LoadState.Loading;
        var coverage = await Views.CoverageAsync(principal, open.Collector, ShownDays, again, cancellationToken);
        if (wanted != (Opened, ShownDays)) return;
        (_coverage, _coverageState) = coverage.Succeeded ? (coverage.Value, LoadState.Ready) : (null, LoadState.From(coverage.Failure));
    }

    // The same look goes on: no row moves, what is focused stays focused, and nothing is written to the trail a second time.
    private async Task LookAgainAsync()
    {
        if (State.Phase != LoadPhase.Ready || await ActAsync() is not { } principal) return;
        await GuardAsync(() => ReadAsync(principal, again: true, Leaving));
        StateHasChanged();
    }

    private async Task GuardAsync(Func<Task> read)
    {
        try
        {
            await read();
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
    }

    private bool MayManage(CollectorAnswer collector) => Principal?.May(Permissions.CollectorsManage, collector.Force) == true;

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
