using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>A rule as its page shows it.</summary>
/// <param name="CanChange">Whether the reader may change it: it is of their own organisation, and they hold the right.</param>
/// <param name="Arriving">Forces in sight by the table of which events came in the last days.</param>
internal sealed record RuleView(
    RuleDetail Detail, RuleStory Story, IReadOnlyList<RevisionRow> Revisions, RuleInsight Insight, ILookup<string, ForceId> Arriving, bool CanChange, bool CanWrite,
    bool SeesAlerts, bool SeesSources, bool IsCentre);

public sealed partial class RulesPage
{
    private static readonly string[] LevelWords = ["critical", "high", "medium", "low"];

    private IReadOnlyList<PageKey> _keys = [];
    private IReadOnlyList<ForceId> _withheld = [];
    private Dictionary<string, string> _names = [];
    private LoadState _detailState = LoadState.Loading;
    private RuleShelf? _shelf;
    private RuleView? _shown;
    private Guid? _opened;
    private Guid? _closed;
    private bool _reasoning;
    private bool _treeOpen;

    [Parameter] public Guid? Id { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    public string? Stage { get; set; }

    [SupplyParameterFromQuery(Name = "level")]
    public string? Level { get; set; }

    [SupplyParameterFromQuery(Name = "owner")]
    public string? Owner { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "by")]
    public string? By { get; set; }

    [SupplyParameterFromQuery(Name = "in")]
    public string? In { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public int? Page { get; set; }

    /// <summary>The rule as alerts name it: opens it, wherever somebody knows no more of it.</summary>
    [SupplyParameterFromQuery(Name = "key")]
    public string? Key { get; set; }

    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    // The list stays as it is while details are opened beside it.
    protected override string LoadedBy => Join([.. Filters, ("force", ForceTag), ("key", Key)]);

    private IEnumerable<(string Name, string? Value)> Filters =>
    [
        ("state", Stage), ("level", Level), ("owner", Owner), ("show", Show), ("q", Text), ("by", By), ("in", In), ("sort", Sort),
        ("page", Page is null or 1 ? null : Page.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private string QueryNow => Join(Filters);

    private IReadOnlyList<FilterGroup> Groups
    {
        get
        {
            var groups = new List<FilterGroup>
            {
                new("State", "state", Stage, [
                    new("All", null, _shelf?.State(null)), .. Enum.GetValues<RuleStage>().Select(stage => new FilterChip(stage.ToString(), RuleLifeCycle.Word(stage), _shelf?.State(stage))),
                ]),
                new("Level", "level", Level, [new("All", null), .. LevelWords.Select(level => new FilterChip(char.ToUpperInvariant(level[0]) + level[1..], level, _shelf?.Level(level)))]),
            };
            if (_shelf is { HasOwn: true })
                groups.Add(new("Whose", "owner", Owner, [new("All", null), new("National", "national", _shelf.Owner("national")), new("Forces' own", "own", _shelf.Owner("own"))]));
            groups.Add(new("Show", "show", Show, [
                new("All", null), new("Unusable", "unusable", _shelf?.Show("unusable")), new("Noisy", "noisy", _shelf?.Show("noisy")),
                new("Edited here", "changed", _shelf?.Show("changed")), new("Untested", "untested", _shelf?.Show("untested")),
            ]));
            return groups;
        }
    }

    private IReadOnlyList<HeaderFigure> Figures => _shelf is null || !State.ShowsContent ? [] :
    [
        new(RuleWordsOnScreen.Number(_shelf.All), _shelf.All == 1 ? "rule" : "rules", Listed(null, "")),
        new(RuleWordsOnScreen.Number(_shelf.Live), "live", Listed(null, "state=live")),
        .. _shelf.Unusable == 0 ? Array.Empty<HeaderFigure>()
            : [new(RuleWordsOnScreen.Number(_shelf.Unusable), "unusable", Listed(null, "show=unusable"), Tone.Warning)],
    ];

    private string? BookWords => Book.Status switch
    {
        { Failure: { } failure } => failure,
        { CompiledAt: null } => "The rules are being compiled. Events wait until that is done.",
        { } status when status.Running < status.Asked => "The latest change is being compiled and runs in a few seconds.",
        _ => null,
    };

    protected override void OnInitialized() => _keys =
    [
        new PageKey("w", "Write a rule", _ => GoAsync(Principal?.Holds(Permissions.RulesManage) == true ? "/rules/new" : null)),
        new PageKey("e", "Edit the open rule", _ => GoAsync(_shown is { CanChange: true } && Id is { } id ? $"/rules/{id}/edit" : null)),
        new PageKey("n", "Next page", _ => GoAsync(_shelf is { } shelf && shelf.Page < shelf.Pages ? With("page", (shelf.Page + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)) : null)),
        new PageKey("p", "Previous page", _ => GoAsync(_shelf is { Page: > 1 } shelf ? With("page", shelf.Page == 2 ? null : (shelf.Page - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)) : null)),
    ];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(l => l.Id.Value, l => l.Name);
        (var rules, _withheld) = await Queries.AllAsync(principal, Force, Reason, cancellationToken);
        if (Key is { } key)
        {
            // Whatever is looked for under this name: one rule is opened, none is said in the list.
            var named = rules.FirstOrDefault(rule => rule.Key == key);
            Navigation.NavigateTo(named is null ? $"/rules?q={Uri.EscapeDataString(key)}" : $"/rules/{named.Id}", new NavigationOptions { ReplaceHistoryEntry = true });
            return null;
        }

        var said = await Insights.SaidAsync(principal, Force, Reason, cancellationToken);
        _shelf = new(rules, said, new ShelfAddress
        {
            State = Stage, Level = Level, Owner = Owner, Show = Show, Text = Text, By = By, In = In, Sort = Sort, Page = Page ?? 1,
        });
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (!RendererInfo.IsInteractive || Id == _opened) return;
        if (Id is null) _closed = _opened;
        (_opened, _shown) = (Id, null);
        if (Id is not null) await OpenAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_closed is not { } closed) return;
        _closed = null;
        await Script.ReturnToRowAsync(closed.ToString());
    }

    private async Task OpenAsync()
    {
        if (Id is not { } wanted || await ActAsync() is not { } principal) return;
        _detailState = LoadState.Loading;
        try
        {
            var found = await Queries.FindAsync(principal, wanted, Reason, Leaving);
            if (wanted != _opened) return;
            if (!found.Succeeded)
            {
                _detailState = LoadState.From(found.Failure);
                return;
            }

            var detail = found.Value;
            var revisions = await Queries.RevisionsAsync(principal, wanted, Reason, Leaving);
            var insight = await Insights.ReadAsync(principal, detail.Rule, Reason, Leaving);
            var story = RuleStory.Of(detail.Text, Running(wanted));
            var arriving = await Arriving.ReadAsync(principal, Leaving);
            var manages = principal.Holds(Permissions.RulesManage);
            if (wanted != _opened) return;
            _shown = new(detail, story, revisions.Value ?? [], insight, arriving, manages && detail.Rule.Owner == principal.Home, manages,
                principal.Holds(Permissions.AlertsRead), principal.Holds(Permissions.SourcesRead), principal.IsCentre);
        }
        catch (AccessRefusedException refused)
        {
            _detailState = LoadState.From(refused.Failure);
        }
    }

    private async Task ChangedAsync()
    {
        await OpenAsync();
        await ReloadAsync();
    }

    private List<SigmaDocument> Running(Guid id)
    {
        var file = id.ToString();
        return [.. Book.Program.Segments.SelectMany(segment => segment.Set.Rules.Cast<SigmaDocument>().Concat(segment.Set.Correlations)).Where(document => document.File == file)
            .DistinctBy(document => document.Line)];
    }

    private Task GoAsync(string? address)
    {
        if (address is not null) Navigation.NavigateTo(address);
        return Task.CompletedTask;
    }

    /// <summary>The list with these filters and perhaps a rule open; the force stays.</summary>
    private string Listed(Guid? id, string query)
    {
        var force = Join([("force", ForceTag)]);
        var whole = string.Join('&', new[] { query, force }.Where(part => part.Length > 0));
        return (id is null ? "/rules" : $"/rules/{id}") + (whole.Length == 0 ? "" : "?" + whole);
    }

    // A tree chosen anew begins at its root, and a branch at its first page.
    private string Grouped(string? by) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["by"] = by, ["in"] = null, ["page"] = null });

    private string Branch(string? branch) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["in"] = branch, ["page"] = null });

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private static string Join(IEnumerable<(string Name, string? Value)> parts) =>
        string.Join('&', parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
}
