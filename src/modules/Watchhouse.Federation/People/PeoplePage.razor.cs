using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.People;

public sealed partial class PeoplePage
{
    private const int PageSize = 50;

    private IReadOnlyList<PersonModel> _people = [];
    private ForceId _force;
    private string? _name;
    private int _total;
    private bool _mayManage;
    private bool _mayAppoint;
    private bool _taking;
    private bool _appointing;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "leavers")]
    public string? Leavers { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public int? PageNumber { get; set; }

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] :
    [
        new(_total.ToString("N0", CultureInfo.InvariantCulture),
            (Text, Leavers) switch
            {
                (null, null) => "working here",
                (null, _) => "with leavers",
                _ => "found",
            }, Navigation.Uri),
    ];

    private string? ClearHref => Text is null && Leavers is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = null, ["leavers"] = null, ["page"] = null });

    private string EmptyTitle => Text is null ? "Nobody has been taken in yet" : "Nobody matches";

    private string EmptyText => Text is not null ? "Shorten the text, or show leavers too."
        : _mayManage ? "Take the first person in, or connect the organisation's directory."
        : "The organisation's administrator takes people in, or its directory does.";

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _force = Force ?? principal.Home;
        _mayManage = principal.May(Permissions.PeopleManage, _force);
        _name = (await Organisations.FindAsync(_force, cancellationToken))?.Name;
        if (_name is null) return Failure.NotFound;
        _mayAppoint = await Appointments.IsOpenAsync(principal, _force, cancellationToken);
        var page = await People.ListAsync(principal, new PeopleQuery
        {
            Force = _force,
            Text = Text,
            WithLeavers = Leavers is not null,
            Skip = (Math.Max(1, PageNumber ?? 1) - 1) * PageSize,
            Take = PageSize,
            Reason = Reason,
        }, cancellationToken);
        (_people, _total) = (page.People, page.Total);
        return null;
    }

    private Task TakenInAsync(string name)
    {
        Toasts.Say($"{name} was taken in");
        return ReloadAsync();
    }
}
