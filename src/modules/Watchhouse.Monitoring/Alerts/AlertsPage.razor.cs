using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Watchhouse.Monitoring.Alerts.Explaining;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Alerts;

public sealed partial class AlertsPage
{
    /// <summary>Rows that an open page holds at most; each open page is memory of the server.</summary>
    private const int MostHeld = 1000;

    private const int PageSize = 50;

    private readonly List<AlertRow> _rows = [];
    private IReadOnlyList<PageKey> _keys = [];
    private IReadOnlyList<NamedView> _views = [];
    private IReadOnlyList<ForceId> _withheld = [];
    private Dictionary<string, string> _names = [];
    private IReadOnlyDictionary<string, int> _worst = ImmutableDictionary<string, int>.Empty;
    private LoadState _detailState = LoadState.Loading;
    private AlertExplanation? _shown;
    private AlertCounts _about = new(ImmutableDictionary<string, int>.Empty);
    private DateTimeOffset? _lookedBackTo;
    private Guid? _next;
    private Guid? _opened;
    private Guid? _closed;
    private string? _detailReason;
    private string _viewName = "";
    private bool _several;
    private bool _loadingMore;
    private bool _reasoning;
    private bool _saving;

    [Parameter] public Guid? Id { get; set; }

    [SupplyParameterFromQuery(Name = "level")]
    public string? Level { get; set; }

    [SupplyParameterFromQuery(Name = "rule")]
    public string? Rule { get; set; }

    [SupplyParameterFromQuery(Name = "entity")]
    public string? Entity { get; set; }

    [SupplyParameterFromQuery(Name = "technique")]
    public string? Technique { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    public string? Since { get; set; }

    [SupplyParameterFromQuery(Name = "until")]
    public string? Until { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    // The list stays as it is while details are opened beside it.
    protected override string LoadedBy => new Uri(Navigation.Uri).Query;

    private string QueryNow => Join(("level", Level), ("rule", Rule), ("entity", Entity), ("technique", Technique), ("since", Since), ("until", Until), ("q", Text),
        ("status", Status), ("owner", Owner), ("verdict", Verdict));

    private string QueryWithForce => Join(("force", ForceTag)) is { Length: > 0 } force ? QueryNow.Length == 0 ? force : $"{QueryNow}&{force}" : QueryNow;

    private NamedView? CurrentView => AlertViews.BuiltIn.Concat(_views).FirstOrDefault(view => Plain(view.Query) == Plain(QueryNow));

    private IReadOnlyList<FilterGroup> Groups =>
    [
        new("Status", "status", Status, [new("To do", null), new("New", "new"), new("Open", "open"), new("Waiting", "waiting"), new("Closed", "closed"), new("All", "all")]),
        .. Status is "closed" or "all" || Verdict is not null ? new FilterGroup[]
        {
            new("Verdict", "verdict", Verdict, [new("Any", null), .. Verdicts.All.Select(each => new FilterChip(TriageWords.Verdict(each), each))]),
        } : [],
        new("Severity", "level", Level, [new("All", null), new("Critical", "critical"), new("High", "high"), new("Medium", "medium"), new("Low", "low,informational")]),
        new("Raised", "since", Since, [new("Any time", null), new("24 h", "24h"), new("7 d", "7d"), new("30 d", "30d")]),
    ];

    private List<(string Name, string What, string Value)> Chosen
    {
        get
        {
            var chosen = new List<(string, string, string)>();
            if (Rule is not null) chosen.Add(("rule", "Rule", _rows.Find(row => row.Rule == Rule)?.Title ?? Rule));
            if (Entity is not null) chosen.Add(("entity", "Entity", Entity));
            if (Owner is not (null or "me" or "nobody")) chosen.Add(("owner", "With", _rows.Find(row => row.Owner == Owner)?.OwnerName ?? "one person"));
            else if (Owner is not null) chosen.Add(("owner", "With", Owner));
            if (Technique is not null) chosen.Add(("technique", "ATT&CK", Technique));
            if (Since is not (null or "24h" or "7d" or "30d") && Day(Since) is null) chosen.Add(("since", "Since", Since));
            if (Until is not null && Day(Until) is null) chosen.Add(("until", "Until", Until));
            return chosen;
        }
    }

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] :
    [
        .. _toDo is { } toDo ? new HeaderFigure[]
        {
            new(Counted(toDo.Unclosed), "to do", Address(""), Tone.Neutral),
            new(Counted(toDo.Nobody), "nobody's", Address("owner=nobody"), toDo.Nobody > 0 ? Tone.Warning : Tone.Neutral),
            new(Counted(toDo.Mine), "mine", Address("owner=me"), Tone.Neutral),
        } : [],
        .. new[] { ("critical", Tone.Danger), ("high", Tone.Warning) }.Where(each => _worst.ContainsKey(each.Item1)).Select(each => new HeaderFigure(
            _worst[each.Item1] >= 1000 ? "1,000+" : AlertWords.Number(_worst[each.Item1]), $"{each.Item1} in 24 h", Address($"level={each.Item1}&since=24h&status=all"),
            _worst[each.Item1] == 0 ? Tone.Neutral : each.Item2)),
    ];

    private string EmptyTitle => _next is not null ? "No alert matches so far" : QueryNow.Length > 0 ? "No alert matches" : "Nothing is to do";

    private string EmptyText => _next is not null ? "Look further back, or remove a filter."
        : QueryNow.Length > 0 ? "Remove a filter, or choose a longer time."
        : "No alert waits for a verdict. New ones appear here by themselves when an event meets a rule. Whether events arrive at all is on the Sources page.";

    protected override void OnInitialized()
    {
        _keys =
        [
            new PageKey("n", "Show new alerts", _ => ShowNewerAsync()),
            new PageKey("m", "Load more, or look further back", _ => LoadMoreAsync()),
            .. TriageKeys,
        ];
        if (RendererInfo.IsInteractive) Watch();
    }

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var read = Filter();
        if (!read.Succeeded) return read.Failure;
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(l => l.Id.Value, l => l.Name);
        _several = Force is null && principal.ForcesFor(Permissions.AlertsRead).Length > 1;
        // Four questions that do not wait for each other.
        var (views, paged) = (Views.ListAsync(principal, cancellationToken), Queries.PageAsync(principal, read.Value, cancellationToken));
        var worst = Queries.WorstAsync(principal, read.Value, Time.GetUtcNow().AddHours(-24), cancellationToken);
        await Task.WhenAll(views, paged, worst, CountToDoAsync(principal));
        _views = await views;
        _worst = await worst;
        var page = await paged;
        _rows.Clear();
        _rows.AddRange(page.Rows);
        (_next, _lookedBackTo, _withheld) = (page.Next, page.LookedBackTo, page.Withheld);
        (_newer, _newest) = (0, _rows.Count > 0 ? (_rows[0].RaisedAt, _rows[0].Id) : (Time.GetUtcNow(), Guid.Empty));
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        // On arrival, when no reason was given yet, the alert does not wait for its list.
        var opening = Principal is null ? ShowAsync() : null;
        await base.OnParametersSetAsync();
        await (opening ?? ShowAsync());
    }

    private Task ShowAsync()
    {
        if (Id == _opened || !RendererInfo.IsInteractive) return Task.CompletedTask;
        if (Id is null) _closed = _opened;
        (_opened, _shown, _detailReason, _current, _history) = (Id, null, null, null, []);
        return Id is null ? Task.CompletedTask : OpenAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_closed is not { } closed) return;
        _closed = null;
        await Script.ReturnToRowAsync(closed.ToString());
    }

    private Task GiveDetailReasonAsync(string? reason)
    {
        _detailReason = reason;
        return OpenAsync();
    }

    private async Task OpenAsync()
    {
        if (Id is not { } wanted || await ActAsync() is not { } principal) return;
        _detailState = LoadState.Loading;
        var reason = _detailReason ?? Reason;
        try
        {
            var found = await Queries.FindAsync(principal, wanted, reason, Leaving);
            if (wanted != _opened) return;
            if (!found.Succeeded)
            {
                _detailState = LoadState.From(found.Failure);
                return;
            }

            var shown = AlertExplanation.Of(found.Value, Rules.Program.SetFor(found.Value.Alert.Force.Value));
            _about = new(await Queries.AboutAsync(principal, [.. shown.Entities.Select(each => each.Value)], reason, Leaving));
            if (wanted != _opened) return;
            (_shown, _current) = (shown, shown.Detail.Alert);
            await ReadHistoryAsync(principal);
        }
        catch (AccessRefusedException refused)
        {
            _detailState = LoadState.From(refused.Failure);
        }
    }

    private async Task LoadMoreAsync()
    {
        if (_next is null || _loadingMore || _rows.Count >= MostHeld || await ActAsync() is not { } principal || !Filter().Succeeded) return;
        _loadingMore = true;
        try
        {
            var page = await Queries.PageAsync(principal, Filter().Value! with { Before = _next }, Leaving);
            _rows.AddRange(page.Rows);
            (_next, _lookedBackTo) = (page.Next, page.LookedBackTo);
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
        finally
        {
            _loadingMore = false;
            StateHasChanged();
        }
    }

    private async Task<Failure?> SaveViewAsync(ActingPrincipal principal, string? reason) =>
        (await Views.SaveAsync(principal, _viewName, QueryNow, Leaving)).Failure;

    private async Task RemoveViewAsync()
    {
        if (CurrentView is not { Id: { } id, Name: var name } || await ActAsync() is not { } principal) return;
        var removed = await Views.RemoveAsync(principal, id, Leaving);
        if (removed.Succeeded) Toasts.Say($"The view '{name}' was removed");
        _views = await Views.ListAsync(principal, Leaving);
    }

    private async Task ViewsChangedAsync()
    {
        Toasts.Say($"The view '{_viewName.Trim()}' was saved");
        _viewName = "";
        if (await ActAsync() is { } principal) _views = await Views.ListAsync(principal, Leaving);
    }

    private async Task CopyAsync(IReadOnlyList<AlertRow> rows)
    {
        var links = string.Join('\n', rows.Select(row => Navigation.ToAbsoluteUri($"/alerts/{row.Id}")));
        if (await Script.CopyAsync(links)) Toasts.Say(rows.Count == 1 ? "One link copied" : $"{rows.Count} links copied");
        else Toasts.Say("The browser refused to copy. Open an alert and copy its address", ToastTone.Problem);
    }

    private Outcome<AlertFilter> Filter()
    {
        var read = new AlertAddress
        {
            Force = ForceTag, Level = Level, Rule = Rule, Entity = Entity, Technique = Technique, Since = Since, Until = Until, Text = Text,
            Status = Status ?? "unclosed", Owner = Owner, Verdict = Verdict,
        }.Read(Time.GetUtcNow(), Principal?.Subject ?? "");
        return read.Succeeded ? read.Value with { Reason = Reason, Take = PageSize } : read;
    }

    /// <summary>The list with other filters; the force stays.</summary>
    private string Address(string query) => "/alerts" + Question(Join(("force", ForceTag)) is { Length: > 0 } force ? query.Length == 0 ? force : $"{query}&{force}" : query);

    /// <summary>The same list with an alert open, or without.</summary>
    private string Listed(Guid? id) => (id is null ? "/alerts" : $"/alerts/{id}") + Question(QueryWithForce);

    private void Go(string name, string? value) => Navigation.NavigateTo(With(name, string.IsNullOrEmpty(value) ? null : value));

    private static string? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _) ? text : null;

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private static string Question(string query) => query.Length == 0 ? "" : "?" + query;

    private static string Plain(string query) => query.Replace("%2C", ",", StringComparison.OrdinalIgnoreCase);

    private static string Join(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var joined = new List<string>();
        foreach (var (name, value) in parts)
            if (!string.IsNullOrEmpty(value)) joined.Add($"{name}={Uri.EscapeDataString(value)}");
        return string.Join('&', joined);
    }
}
