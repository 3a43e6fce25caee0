using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Exceptions;

public sealed partial class ExceptionsPage
{
    private IReadOnlyList<ExceptionRow> _rows = [];
    private Dictionary<string, string> _names = [];
    private ExceptionDetail? _detail;
    private LoadState _detailState = LoadState.Loading;
    private Guid? _opened;
    private DateOnly _last;
    private string _why = "";
    private string _did = "";
    private bool _extending;
    private bool _withdrawing;

    [Parameter] public Guid? Id { get; set; }

    /// <summary>inForce, expiring, expired or removed; without one, those that are not over.</summary>
    [SupplyParameterFromQuery(Name = "state")]
    public string? Stage { get; set; }

    [SupplyParameterFromQuery(Name = "fires")]
    public string? Fires { get; set; }

    [SupplyParameterFromQuery(Name = "rule")]
    public string? Rule { get; set; }

    [SupplyParameterFromQuery(Name = "owner")]
    public string? Owner { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    protected override IEnumerable<string> DetailParameters => ["state", "fires", "rule", "owner", "q"];

    // The list stays as it is while details are opened beside it.
    protected override string LoadedBy => ForceTag ?? "";

    private IReadOnlyList<FilterGroup> Groups =>
    [
        new("State", "state", Stage,
        [
            new("Not over", null), new("Expires soon", "expiring", Count("expiring")), new("Expired", "expired", Count("expired")),
            new("Withdrawn", "removed", Count("removed")), new("All", "all"),
        ]),
        new("Suppressed", "fires", Fires, [new("Any", null), new("Nothing", "never"), new("Most first", "often")]),
    ];

    private string? ClearHref => Stage is null && Fires is null && Rule is null && Owner is null && Text is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["state"] = null, ["fires"] = null, ["rule"] = null, ["owner"] = null, ["q"] = null });

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] :
    [
        new(ExceptionWords.Number(_rows.Count(row => !ExceptionWords.IsOver(row))), "in force", Here("")),
        .. Count("expiring") is > 0 and var soon ? [new HeaderFigure($"{soon}", "expire within 30 days", Here("state=expiring"), Tone.Warning)] : Array.Empty<HeaderFigure>(),
        .. _rows.Count(row => row.WholeRule && !ExceptionWords.IsOver(row)) is > 0 and var whole
            ? [new HeaderFigure($"{whole}", whole == 1 ? "turns a whole rule off" : "turn a whole rule off", Here("q=whole%20rule"), Tone.Warning)] : Array.Empty<HeaderFigure>(),
    ];

    private IReadOnlyList<ExceptionRow> Shown
    {
        get
        {
            var shown = _rows.Where(row =>
                (Stage switch { null => !ExceptionWords.IsOver(row), "all" => true, var stage => row.State == stage })
                && (Rule is null || row.Rule == Rule) && (Owner is null || row.Owner == Owner)
                && (Fires != "never" || row.Suppressed == 0)
                && (Text is null || $"{row.RuleTitle}\n{row.Rule}\n{ExceptionWords.Condition(row)}\n{row.Reason}\n{row.Owner}".Contains(Text, StringComparison.OrdinalIgnoreCase)));
            return Fires == "often" ? [.. shown.OrderByDescending(row => row.Suppressed)] : [.. shown];
        }
    }

    private DateOnly Today => HouseTime.DayOf(Time.GetUtcNow());

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(listing => listing.Id.Value, listing => listing.Name);
        var rows = await Queries.ListAsync(principal, null, null, Reason, cancellationToken);
        _rows = Force is { } force ? [.. rows.Where(row => row.Forces.Contains(force))] : rows;
        if (Id is not null) await OpenAsync();
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (Id == _opened || !RendererInfo.IsInteractive) return;
        _detail = null;
        _opened = Id;
        if (Id is not null) await OpenAsync();
    }

    private async Task OpenAsync()
    {
        _opened = Id;
        if (Id is not { } wanted || await ActAsync() is not { } principal) return;
        _detailState = LoadState.Loading;
        try
        {
            var found = await Queries.FindAsync(principal, wanted, Reason, Leaving);
            if (wanted != Id) return;
            if (found.Succeeded) _detail = found.Value;
            else (_detail, _detailState) = (null, LoadState.From(found.Failure));
        }
        catch (AccessRefusedException refused)
        {
            _detailState = LoadState.From(refused.Failure);
        }
    }

    private void BeginExtend()
    {
        var end = HouseTime.DayOf(_detail!.Exception.ExpiresAt);
        _last = (end > Today ? end : Today).AddDays(90);
        if (_last > Today.AddDays(365)) _last = Today.AddDays(365);
        (_why, _extending) = ("", true);
    }

    private async Task<Failure?> ExtendAsync(ActingPrincipal principal, string? reason)
    {
        _did = "The exception was extended";
        // To the end of its last day.
        var until = HouseTime.StartOf(_last.AddDays(1)).AddSeconds(-1);
        return (await Operations.ExtendAsync(principal, _detail!.Exception.Id, _detail.Exception.Version, until, _why, reason, Leaving)).Failure;
    }

    private async Task<Failure?> WithdrawAsync(ActingPrincipal principal, string? reason)
    {
        _did = "The exception was withdrawn";
        return (await Operations.RemoveAsync(principal, _detail!.Exception.Id, _detail.Exception.Version, _why, reason, Leaving)).Failure;
    }

    private async Task ChangedAsync()
    {
        Toasts.Say(_did);
        _why = "";
        await ReloadAsync();
    }

    private int Count(string state) => _rows.Count(row => row.State == state);

    private string Listed(Guid? id) => (id is null ? "/exceptions" : $"/exceptions/{id}") + new Uri(Navigation.Uri).Query;

    private string Here(string query) => "/exceptions" + (ForceTag is null ? query.Length == 0 ? "" : $"?{query}" : $"?force={ForceTag}{(query.Length == 0 ? "" : $"&{query}")}");

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private static string? Wrong(Failure? failure, string field) => failure?.Field == field ? "true" : null;

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
