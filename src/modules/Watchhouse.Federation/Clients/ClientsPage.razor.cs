using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Clients;

public sealed partial class ClientsPage
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private IReadOnlyList<ClientDetails> _all = [];
    private ClientAction _asked;
    private ForceId _force;
    private DateOnly _newLast;
    private Guid _secret;
    private Role _newRole = Role.Collector;
    private string? _name;
    private string _newName = "";
    private string? _key;
    private string _keyLabel = "";
    private bool _mayManage;

    private enum ClientAction
    {
        None,
        Create,
        Rotate,
        RevokeSecret,
        Revoke,
    }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "ended")]
    public string? Ended { get; set; }

    /// <summary>The client whose detail is open.</summary>
    [SupplyParameterFromQuery(Name = "client")]
    public string? Chosen { get; set; }

    protected override IEnumerable<string> DetailParameters => ["client", "q", "ended"];

    private DateTimeOffset Now => Time.GetUtcNow();

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] :
        [new(_all.Count(c => c.Client.MayActAt(Now)).ToString("N0", CultureInfo.InvariantCulture), "let in now", With("ended", null))];

    private string? ClearHref => Text is null && Ended is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = null, ["ended"] = null });

    private List<ClientDetails> Shown =>
    [
        .. _all.Where(c => Ended is not null || c.Client.MayActAt(Now) || c == Open)
            .Where(c => Text is null || c.Client.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)),
    ];

    private ClientDetails? Open => Guid.TryParse(Chosen, out var id) ? _all.FirstOrDefault(c => c.Client.Id.Value == id) : null;

    private string EmptyText => _all.Count > 0 ? "Remove a filter, or show ended clients too."
        : _mayManage ? "Create one for each program that delivers or reads data; never share one between programs."
        : "An administrator or the security officer of the organisation creates one.";

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _force = Force ?? principal.Home;
        _mayManage = principal.May(Permissions.ClientsManage, _force);
        _name = (await Organisations.FindAsync(_force, cancellationToken))?.Name;
        _all = await ClientsAsync(c => c.ListAsync(principal, _force, cancellationToken));
        return null;
    }

    // A scope for each call: the operations hold a database session, and a screen may stay open for a shift.
    private async Task<T> ClientsAsync<T>(Func<ClientOperations, Task<T>> call)
    {
        await using var scope = Scopes.CreateAsyncScope();
        return await call(scope.ServiceProvider.GetRequiredService<ClientOperations>());
    }

    private void Ask(ClientAction action, Guid secret = default)
    {
        (_asked, _secret, _key) = (action, secret, null);
        (_newName, _newRole, _newLast) = ("", Role.Collector, HouseTime.DayOf(Now.AddYears(1)).AddDays(-1));
    }

    private void Close(bool open)
    {
        if (!open) _asked = ClientAction.None;
    }

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        return ReloadAsync();
    }

    private async Task<Failure?> CreateAsync(ActingPrincipal principal, string? reason)
    {
        var made = await ClientsAsync(c => c.CreateAsync(principal, _force,
            new CreateClient { Name = _newName, Role = _newRole, ExpiresAt = HouseTime.StartOf(_newLast.AddDays(1)) }, CancellationToken.None));
        if (made.Succeeded) (_key, _keyLabel) = (made.Value.Secret?.Key, $"Secret of {_newName.Trim()}.");
        return made.Failure;
    }

    private async Task<Failure?> RotateAsync(ActingPrincipal principal, string? reason)
    {
        if (Open is not { } open) return Failure.NotFound;
        var made = await ClientsAsync(c => c.RotateAsync(principal, _force, open.Client.Id, CancellationToken.None));
        if (made.Succeeded) (_key, _keyLabel) = (made.Value.Key, $"Second secret of {open.Client.Name}.");
        return made.Failure;
    }

    private async Task<Failure?> RevokeSecretAsync(ActingPrincipal principal, string? reason) => Open is not { } open ? Failure.NotFound
        : (await ClientsAsync(c => c.RevokeSecretAsync(principal, _force, open.Client.Id, _secret, CancellationToken.None))).Failure;

    private async Task<Failure?> RevokeAsync(ActingPrincipal principal, string? reason) => Open is not { } open ? Failure.NotFound
        : (await ClientsAsync(c => c.RevokeAsync(principal, _force, open.Client.Id, CancellationToken.None))).Failure;

    private (string Word, Tone Tone) StateOf(ClientDetails one) =>
        one.Client.RevokedAt is not null ? ("Revoked", Tone.Neutral)
        : one.Client.ExpiresAt <= Now ? ("Expired", Tone.Neutral)
        : one.Client.ExpiresAt - Now <= Soon ? ("Ends soon", Tone.Warning)
        : ("Let in", Tone.Good);

    private string AuthenticationWords(ClientDetails one) => one.Secrets.Count == 0 ? "Own keys"
        : one.Secrets.Count(s => s.IsLiveAt(Now)) switch { 0 => "No live secret", 1 => "One secret", var n => $"{n} secrets" };

    private static string? Wrong(Failure? failure, string field) => failure?.Field == field ? "true" : null;
}
