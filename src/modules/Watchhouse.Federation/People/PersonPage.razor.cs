using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

public sealed partial class PersonPage
{
    private PersonDetail? _detail;
    private IReadOnlyList<PersonEvent> _history = [];
    private PersonActions? _actions;
    private ForceId _force;
    private string? _name;

    [Parameter] public Guid Id { get; set; }

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _force = Force ?? principal.Home;
        var found = await People.DetailAsync(principal, _force, new PersonId(Id), Reason, cancellationToken);
        if (!found.Succeeded) return found.Failure;
        var all = (await Organisations.ListAsync(cancellationToken)).ToDictionary(o => o.Id.Value, o => o.ShortName);
        _name = (await Organisations.FindAsync(_force, cancellationToken))?.Name;
        _detail = found.Value;
        _history = PersonEvent.Of(found.Value, tag => all.GetValueOrDefault(tag, tag));
        return null;
    }

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        return ReloadAsync();
    }

    // Whoever moved belongs to the other organisation now and is not seen from here any more.
    private void Moved(string said)
    {
        Toasts.Say(said);
        Navigation.NavigateTo($"/people?force={_force}");
    }
}
