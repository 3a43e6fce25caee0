using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Organisations;

public sealed partial class ForcePage
{
    private static readonly IReadOnlyList<Crumb> Above = [new("Forces", "/forces")];

    private OrganisationDetail? _detail;
    private IReadOnlyList<OrganisationSummary> _organisations = [];
    private Dictionary<string, string> _names = [];
    private IReadOnlyList<NationTile> _tiles = [];
    private IReadOnlyList<HistoryList.Moment> _history = [];
    private bool _renaming;
    private bool _merging;
    private bool _splitting;

    [Parameter] public string Tag { get; set; } = "";

    private string? Subtitle => _detail is null ? null
        : string.Join(" · ", new[] { _detail.WelshName, _detail.Summary.Id.Value, ForceDirectory.KindWords(_detail.Summary.Kind), _detail.Summary.Region }.OfType<string>());

    private bool Ended => _detail?.Until <= Queries.Today;

    private bool MayChange => _detail is not null && !Ended && _detail.Summary.Id != ForceId.Centre
        && Principal?.Holds(Permissions.OrganisationsManage) is true;

    private IReadOnlyList<DistrictList.District> Districts => _detail is null ? [] : [.. _detail.Areas.Select(a => new DistrictList.District(a.Code, a.Name, a.Region))];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        if (_detail?.Summary.Id.Value != Tag) _detail = null;
        if (!ForceId.TryParse(Tag.ToUpperInvariant(), null, out var id)
            || await Queries.FindAsync(principal, id, cancellationToken) is not { } detail)
            return new Failure(FailureKind.NotFound, $"No organisation has, or ever had, the tag '{Tag}'. Choose one from the list of forces.");
        var all = await Queries.ListAsync(principal, cancellationToken);
        _names = all.ToDictionary(r => r.Summary.Id.Value, r => r.Summary.Name);
        _organisations = [.. all.Where(r => !r.Ended && r.Summary.Id != ForceId.Centre).Select(r => r.Summary)];
        _tiles = [.. all.Where(r => !r.Ended && r.Summary.Tile is not null).Select(r => new NationTile(
            r.Summary.Id, r.Summary.Name, r.Summary.Tile!.Column, r.Summary.Tile.Row))];
        _history = RegisterWords.History(detail);
        _detail = detail;
        return null;
    }

    private string NameOf(string tag) => _names.GetValueOrDefault(tag, tag);

    private async Task ChangedAsync(string words)
    {
        Toasts.Say(words);
        await ReloadAsync();
    }

    private static IEnumerable<(string Label, string Value)> Facts(OrganisationDetail detail)
    {
        yield return ("Short name", detail.Summary.ShortName);
        if (detail.WelshName is { } welsh) yield return ("Welsh name", welsh);
        yield return ("Region", detail.Summary.Region);
        yield return ("Jurisdiction", detail.Jurisdiction);
        if (detail.RocuRegion is { } rocu) yield return ("Organised crime unit", rocu);
        if (detail.Summary.IsForce)
            yield return ("Officers", detail.Summary.Officers is { } officers
                ? $"{officers.ToString("N0", CultureInfo.InvariantCulture)} full-time equivalents, March 2025" : "not known");
        if (detail.ForceCode is { } code) yield return ("Force code", code);
        if (detail.OnsCode is { } ons) yield return ("ONS code", ons);
        if (detail.From is { } from) yield return ("Since", RegisterWords.Day(from));
        if (detail.Until is { } until) yield return ("Until", RegisterWords.Day(until));
        if (detail.Note is { Length: > 0 } note) yield return ("Note", string.Concat(note[..1].ToUpperInvariant(), note.AsSpan(1)));
    }
}
