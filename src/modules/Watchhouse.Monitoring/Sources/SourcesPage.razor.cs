using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Sources;

/// <summary>A source with what its detail shows.</summary>
internal sealed record SourceDetail(SourceDay Day, SourceCondition Condition, IReadOnlyList<long> Week, SourceWhole Whole, IReadOnlyList<RejectAnswer> Rejects);

public sealed partial class SourcesPage
{
    private const int MostColumns = 8;

    private IReadOnlyList<SourceDay> _sources = [];
    private IReadOnlyList<ForceId> _withheld = [];
    private IReadOnlyList<ForceId> _forces = [];
    private Dictionary<string, string> _names = [];
    private LoadState _detailState = LoadState.Loading;
    private SourceDetail? _detail;
    private DateTimeOffset _now;
    private ForceId? _one;
    private string? _opened;
    private bool _reasoning;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>The force of the source whose detail is open.</summary>
    [SupplyParameterFromQuery(Name = "of")]
    public string? Of { get; set; }

    [SupplyParameterFromQuery(Name = "source")]
    public string? Source { get; set; }

    protected override IEnumerable<string> DetailParameters => ["of", "source", "q", "show"];

    private string? Opened => Of is null || Source is null ? null : $"{Of}/{Source}";

    private string Closed => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["of"] = null, ["source"] = null });

    private string? ClearHref => Text is null && Show is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = null, ["show"] = null });

    private int Wanting => _sources.Count(day => Condition(day) != SourceCondition.Arriving);

    private List<SourceDay> Listed => [.. _sources.Where(day =>
        (Text is null || day.Source.Name.Contains(Text, StringComparison.OrdinalIgnoreCase))
        && (Show != "attention" || Condition(day) != SourceCondition.Arriving))];

    // Names that most forces have come first: they are what can be compared.
    private List<string> Columns => [.. Listed.GroupBy(day => day.Source.Name).OrderByDescending(group => group.Count())
        .ThenBy(group => group.Key, StringComparer.Ordinal).Take(MostColumns).Select(group => group.Key)];

    private bool HasMore => Listed.Select(day => day.Source.Name).Distinct().Count() > MostColumns;

    private IEnumerable<(ForceId Force, Dictionary<string, SourceDay> ByName)> Rows => Listed.GroupBy(day => day.Source.Force)
        .Select(group => (group.Key, group.ToDictionary(day => day.Source.Name))).OrderBy(row => NameOf(row.Key), StringComparer.CurrentCultureIgnoreCase);

    private List<ForceId> NoSource => [.. _forces.Where(force => force != ForceId.Centre && !_withheld.Contains(force) && !_sources.Any(day => day.Source.Force == force))
        .OrderBy(force => force.Value, StringComparer.Ordinal)];

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] :
    [
        new(Number(_sources.Count), _sources.Count == 1 ? "source" : "sources", "/sources" + (ForceTag is null ? "" : $"?force={ForceTag}")),
        .. new[] { (SourceCondition.Silent, Tone.Danger), (SourceCondition.Late, Tone.Warning), (SourceCondition.Rejecting, Tone.Warning) }
            .Select(each => (each.Item1, each.Item2, Count: _sources.Count(day => Condition(day) == each.Item1))).Where(each => each.Count > 0)
            .Select(each => new HeaderFigure(Number(each.Count), each.Item1.Word().ToLowerInvariant(), With("show", "attention"), each.Item2)),
    ];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(l => l.Id.Value, l => l.Name);
        _forces = Force is { } asked ? [asked] : principal.ForcesFor(Permissions.SourcesRead);
        _one = _forces is [var only] ? only : null;
        _now = Time.GetUtcNow();
        (_sources, _withheld) = await Queries.DayAsync(principal, Force, _now, again: false, cancellationToken);
        _stale = null;
        if (Opened is not null) await OpenAsync();
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (Opened == _opened || !RendererInfo.IsInteractive) return;
        _opened = Opened;
        _detail = null;
        if (Opened is not null) await OpenAsync();
    }

    private async Task OpenAsync()
    {
        _opened = Opened;
        _detailState = LoadState.Loading;
        if (await ActAsync() is not { } principal) return;
        try
        {
            await ReadOpenAsync(principal, again: false, Leaving);
        }
        catch (AccessRefusedException refused)
        {
            _detailState = LoadState.From(refused.Failure);
        }
    }

    private async Task ReadOpenAsync(ActingPrincipal principal, bool again, CancellationToken cancellationToken)
    {
        var wanted = Opened;
        if (!ForceId.TryParse(Of, null, out var force) || _sources.FirstOrDefault(day => day.Source.Force == force && day.Source.Name == Source) is not { } day)
        {
            (_detail, _detailState) = (null, LoadState.From(Failure.NotFound));
            return;
        }

        var since = SourceHour.Of(_now) - TimeSpan.FromHours((7 * 24) - 1);
        var whole = await Wholes.FindAsync(principal, force, day.Source.Name, since, again, cancellationToken);
        // Samples hold what came: they are read, and the look is written down, when the source is opened or there are more of them.
        var rejects = again && _detail is { } shown && shown.Day.Source.Rejects == day.Source.Rejects ? shown.Rejects
            : [.. (await Queries.RejectsAsync(principal, force, day.Source.Name, cancellationToken)).Take(20)];
        if (wanted != Opened) return;
        if (whole.Succeeded) _detail = new(day, Condition(day), Bars(whole.Value.Hours, 7 * 24), whole.Value, rejects);
        else (_detail, _detailState) = (null, LoadState.From(whole.Failure));
    }

    private SourceCondition Condition(SourceDay day) => SourceState.Of(day.Source.LastReceivedAt, [.. day.Hours], _now);

    /// <summary>A count for each hour, oldest first; hours without any are zero.</summary>
    private long[] Bars(IReadOnlyList<HourCount> hours, int count)
    {
        var bars = new long[count];
        var last = SourceHour.Of(_now);
        foreach (var hour in hours)
            if (count - 1 - (int)(last - hour.Hour).TotalHours is >= 0 and var at && at < count) bars[at] = hour.Events;
        return bars;
    }

    private string Address(SourceDay day) =>
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["of"] = day.Source.Force.Value, ["source"] = day.Source.Name });

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private static string Key(SourceDay day) => $"{day.Source.Force}/{day.Source.Name}";

    private static string ToneOf(SourceCondition condition) => condition switch
    {
        SourceCondition.Silent => "danger",
        SourceCondition.Arriving => "good",
        _ => "warning",
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
