using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Coverage;

public sealed partial class CoveragePage
{
    private CoverageAnswer? _answer;
    private TechniqueDetail? _detail;
    private LoadState _detailState = LoadState.Loading;
    private Dictionary<string, string> _names = [];
    private string? _opened;
    private bool _reasoning;

    /// <summary>Days within which events must have arrived: 1, 7 or 30.</summary>
    [SupplyParameterFromQuery(Name = "days")]
    public string? Days { get; set; }

    [SupplyParameterFromQuery(Name = "part")]
    public string? Part { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "subs")]
    public string? Subs { get; set; }

    [SupplyParameterFromQuery(Name = "tactic")]
    public string? Tactic { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "technique")]
    public string? Technique { get; set; }

    protected override IEnumerable<string> DetailParameters => ["technique", "q", "show", "subs", "tactic", "view"];

    private string Window => Days switch
    {
        null => "24 hours",
        var days => $"{days} days",
    };

    private IReadOnlyList<FilterGroup> Groups =>
    [
        new("Arrived within", "days", Days, [new("24 h", null), new("7 d", "7"), new("30 d", "30")]),
        new("Part", "part", Part, [new("All", null), .. CoveragePart.All.Select(part => new FilterChip(part.Title, part.Word))]),
        .. View is not null ? Array.Empty<FilterGroup>() :
        [
            new("Show", "show", Show, [new("All", null), new("Gaps", "gaps"), new("Covered", "covered")]),
            new("Sub-techniques", "subs", Subs, [new("Hidden", null), new("Shown", "1")]),
        ],
    ];

    private string? ClearHref => Text is null && Show is null && Part is null && Subs is null && Days is null && Tactic is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["q"] = null, ["show"] = null, ["part"] = null, ["subs"] = null, ["days"] = null, ["tactic"] = null,
        });

    private string LayerAddress => "/api/v1/coverage/navigator" + Question();

    private IEnumerable<TechniqueCoverage> Techniques => (_answer?.Techniques ?? []).Where(technique => !technique.IsSub);

    private List<TacticColumn> Columns
    {
        get
        {
            var columns = new List<TacticColumn>();
            foreach (var tactic in (_answer?.Tactics ?? []).Where(tactic => Tactic is null || tactic.Tag == Tactic))
            {
                var all = _answer!.Techniques.Where(technique => technique.Tactics.Contains(tactic.Tag)).ToList();
                var own = all.Where(technique => !technique.IsSub).ToList();
                columns.Add(new(tactic, [.. all.Where(IsShown)], own.Count(IsCovered), own.Count));
            }

            return Text is null && Show is null ? columns : [.. columns.Where(column => column.Rows.Count > 0)];
        }
    }

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent || _answer is null ? [] :
    [
        new($"{Number(Techniques.Count(IsCovered))} of {Number(Techniques.Count())}", "techniques covered", With("show", "covered")),
        new(Number(_answer.FedRules), "live rules see events", Address(null)),
        .. _answer.LiveRules > _answer.FedRules
            ? [new HeaderFigure(Number(_answer.LiveRules - _answer.FedRules), "see nothing", With("view", "sources"), Tone.Warning)] : Array.Empty<HeaderFigure>(),
        .. _answer.Forces > 1
            ? [new HeaderFigure($"{_answer.DeliveringForces} of {_answer.Forces}", "forces deliver", "/sources")] : Array.Empty<HeaderFigure>(),
    ];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(listing => listing.Id.Value, listing => listing.Name);
        var read = await Queries.MatrixAsync(principal, Asked(), cancellationToken);
        if (!read.Succeeded) return read.Failure;
        _answer = read.Value;
        if (Technique is not null) await OpenAsync();
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (Technique == _opened || !RendererInfo.IsInteractive || _answer is null) return;
        _detail = null;
        _opened = Technique;
        if (Technique is not null) await OpenAsync();
    }

    private async Task OpenAsync()
    {
        var wanted = _opened = Technique;
        _detailState = LoadState.Loading;
        if (wanted is null || await ActAsync() is not { } principal) return;
        try
        {
            var found = await Queries.TechniqueAsync(principal, wanted, Asked(), Leaving);
            if (wanted != Technique) return;
            if (found.Succeeded) _detail = found.Value;
            else _detailState = LoadState.From(found.Failure);
        }
        catch (AccessRefusedException refused)
        {
            _detailState = LoadState.From(refused.Failure);
        }
    }

    private CoverageQuestion Asked() => new()
    {
        Force = Force,
        Days = int.TryParse(Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 1,
        Part = Part,
        Reason = Reason,
    };

    private string Question()
    {
        var parts = new[] { ("force", ForceTag), ("days", Days), ("part", Part) }.Where(each => each.Item2 is not null)
            .Select(each => $"{each.Item1}={Uri.EscapeDataString(each.Item2!)}").ToList();
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private bool IsShown(TechniqueCoverage technique)
    {
        if (technique.IsSub && Subs is null && Text is null) return false;
        if (Show == "gaps" && IsCovered(technique)) return false;
        if (Show == "covered" && !IsCovered(technique)) return false;
        return Text is null || technique.Name.Contains(Text, StringComparison.OrdinalIgnoreCase) || technique.Id.StartsWith(Text, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsCovered(TechniqueCoverage technique) => technique.State is CoverageState.Covered or CoverageState.Partly;

    private string Address(string? technique) => With("technique", technique);

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private string TacticName(string tag) => _answer?.Tactics.FirstOrDefault(tactic => tactic.Tag == tag)?.Name ?? tag;

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record TacticColumn(AttackTactic Tactic, IReadOnlyList<TechniqueCoverage> Rows, int Covered, int All);
}
