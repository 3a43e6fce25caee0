using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.SignIn.Links;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.People;

internal enum PersonAction
{
    None,
    Details,
    Roles,
    SignOut,
    Invite,
    Suspend,
    Reinstate,
    Leave,
    Move,
}

/// <summary>What can be done with a person, each with what follows from it.</summary>
public sealed partial class PersonActions
{
    private IReadOnlyList<ForceListing> _organisations = [];
    private PersonAction _asked;
    private HashSet<Role> _roles = [];
    private string _name = "";
    private string _email = "";
    private string _jobTitle = "";
    private string _to = "";

    private string? _link;

    [Inject] private PeopleOperations Operations { get; set; } = default!;

    [Inject] private Invitations Invitations { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Parameter, EditorRequired] public ActingPrincipal Principal { get; set; } = default!;

    [Parameter, EditorRequired] public ForceId Force { get; set; }

    [Parameter, EditorRequired] public string ForceName { get; set; } = "";

    [Parameter, EditorRequired] public Guid Id { get; set; }

    [Parameter, EditorRequired] public string Name { get; set; } = "";

    [Parameter, EditorRequired] public string Email { get; set; } = "";

    [Parameter] public string? JobTitle { get; set; }

    [Parameter, EditorRequired] public string Status { get; set; } = "";

    [Parameter, EditorRequired] public IReadOnlyList<Role> Roles { get; set; } = [];

    [Parameter] public int OpenSessions { get; set; }

    /// <summary>The page header shows two of the actions, and can once this is here.</summary>
    [Parameter] public EventCallback OnReady { get; set; }

    /// <summary>Given what was done, in words.</summary>
    [Parameter] public EventCallback<string> OnDone { get; set; }

    [Parameter] public EventCallback<string> OnMoved { get; set; }

    internal bool MayChange => Principal.May(Permissions.PeopleManage, Force);

    internal bool MayChangeAccess => MayChange && Principal.Subject != Id.ToString() && Status != nameof(PersonStatus.Left);

    private string Sessions => OpenSessions == 1 ? "One open session" : $"{OpenSessions} open sessions";

    internal void Ask(PersonAction action)
    {
        (_name, _email, _jobTitle, _roles, _to) = (Name, Email, JobTitle ?? "", [.. Roles], "");
        _asked = action;
        StateHasChanged();
    }

    protected override async Task OnInitializedAsync() =>
        _organisations = [.. (await Directory.ListAsync(CancellationToken.None)).OrderBy(o => o.Name, StringComparer.Ordinal)];

    protected override Task OnAfterRenderAsync(bool firstRender) => firstRender ? OnReady.InvokeAsync() : Task.CompletedTask;

    private void Close(bool open)
    {
        if (!open) _asked = PersonAction.None;
    }

    private async Task<Failure?> ChangeAsync(ActingPrincipal principal, string? reason) =>
        (await Operations.ChangeAsync(principal, new PersonId(Id), new ChangeOptions
        {
            Force = Force,
            Name = _name,
            Email = _email,
            JobTitle = _jobTitle,
            Reason = reason,
        }, CancellationToken.None)).Failure;

    private async Task<Failure?> SetRolesAsync(ActingPrincipal principal, string? reason) =>
        (await Operations.SetRolesAsync(principal, new PersonId(Id), Because(reason), [.. _roles], CancellationToken.None)).Failure;

    private async Task<Failure?> SignOutAsync(ActingPrincipal principal, string? reason) =>
        (await Operations.SignOutAsync(principal, new PersonId(Id), Because(reason), CancellationToken.None)).Failure;

    private async Task<Failure?> InviteAsync(ActingPrincipal principal, string? reason)
    {
        var made = await Invitations.InviteAsync(principal, Force, new PersonId(Id), CancellationToken.None);
        _link = made.Succeeded ? new Uri(new Uri(Navigation.BaseUri), made.Value.Path).ToString() : null;
        return made.Failure;
    }

    private async Task<Failure?> SuspendAsync(ActingPrincipal principal, string? reason) =>
        (await Operations.SuspendAsync(principal, new PersonId(Id), Because(reason), CancellationToken.None)).Failure;

    private async Task<Failure?> ReinstateAsync(ActingPrincipal principal, string? reason) =>
        (await Operations.ReinstateAsync(principal, new PersonId(Id), Because(reason), CancellationToken.None)).Failure;

    private async Task<Failure?> LeaveAsync(ActingPrincipal principal, string? reason) =>
        (await Operations.LeaveAsync(principal, new PersonId(Id), Because(reason), CancellationToken.None)).Failure;

    private async Task<Failure?> MoveAsync(ActingPrincipal principal, string? reason) =>
        !ForceId.TryParse(_to, null, out var to)
            ? Failure.Invalid("Choose the organisation that the person moves to.", "to")
            : (await Operations.MoveAsync(principal, new PersonId(Id), Because(reason), to, CancellationToken.None)).Failure;

    private StatusOptions Because(string? reason) => new() { Force = Force, Reason = reason };

    private string NameOf(string tag) => _organisations.FirstOrDefault(o => o.Id.Value == tag)?.Name ?? tag;

    private static string? Wrong(Failure? failure, string field) => failure?.Field == field ? "true" : null;
}
