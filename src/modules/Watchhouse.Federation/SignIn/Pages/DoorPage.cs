using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.SignIn.Pages;

/// <summary>What the pages before and around sign-in share. They are plain HTML forms, rendered on the server.</summary>
public abstract class DoorPage : ComponentBase
{
    [CascadingParameter]
    public required HttpContext Http { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>What went wrong, in a sentence for the person.</summary>
    protected string? Problem { get; set; }

    protected ActingPrincipal? Principal => Http.Features.Get<ActingPrincipal>();

    protected PersonId? Me => Principal is { Kind: PrincipalKind.Person } me && Guid.TryParse(me.Subject, out var id) ? new PersonId(id) : null;

    protected string Query(string name) => Http.Request.Query[name].ToString();

    /// <summary>A field of the posted form; empty when absent. Lengths are checked where the value is used.</summary>
    protected string Field(string name) => Http.Request.HasFormContentType ? Http.Request.Form[name].ToString() : "";
}
