using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Delegations;

public sealed partial class DelegationsPage
{
    private const string Matrix = "matrix";
    private const string Granted = "granted";
    private const string Held = "held";

    private IReadOnlyList<DelegationModel> _granted = [];
    private IReadOnlyList<DelegationModel> _held = [];
    private IReadOnlyList<OrganisationSummary> _organisations = [];
    private DelegationMatrix? _matrix;
    private ForceId _force;
    private string _name = "";
    private bool _mayGrant;
    private bool _granting;
    private bool _changing;
    private bool _revoking;

    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary><c>blind</c> or <c>lapsing</c>, in the matrix.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "ended")]
    public string? Ended { get; set; }

    /// <summary>The delegation whose detail is open.</summary>
    [SupplyParameterFromQuery(Name = "delegation")]
    public string? Chosen { get; set; }

    protected override IEnumerable<string> DetailParameters => ["delegation", "q", "show", "ended"];

    private DateTimeOffset Now => Time.GetUtcNow();

    private bool IsCentre => Principal?.IsCentre ?? false;

    private string Current => View switch
    {
        Granted => Granted,
        Held => Held,
        _ => IsCentre ? Matrix : Granted,
    };

    private FilterChip[] Tabs => IsCentre
        ? [new("Forces by purpose", null), new("Held by us", Held), new(GrantedTitle, Granted)]
        : [new(GrantedTitle, null), new("Held by us", Held)];

    private string GrantedTitle => Principal is null || _force == Principal.Home || _name.Length == 0 ? "Granted by us" : $"Granted by {_name}";

    private string? Summary => Current == Matrix
        ? "What each force lets the Centre see. Where nothing is in force, the Centre sees nothing; only the force can change that."
        : null;

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent || _matrix is null || Current != Matrix ? [] :
    [
        new(Number(_matrix.Seen), $"of {Number(_matrix.Forces.Length)} forces let us see something", With("show", null)),
        new(Number(_matrix.Forces.Length - _matrix.Seen), "let us see nothing", With("show", "blind"), _matrix.Seen < _matrix.Forces.Length ? Tone.Warning : Tone.Neutral),
        new(Number(_matrix.Forces.Count(f => _matrix.IsLapsing(f.Id))), "lapse within 30 days", With("show", "lapsing"),
            _matrix.Forces.Any(f => _matrix.IsLapsing(f.Id)) ? Tone.Warning : Tone.Neutral),
    ];

    private FilterGroup ShowFilter => new("Show", "show", Show, [new("All forces", null), new("Nothing seen", "blind"), new("Lapsing", "lapsing")]);

    private string? ClearHref => Text is null && Show is null && Ended is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = null, ["show"] = null, ["ended"] = null });

    private IReadOnlyList<MatrixRow> Rows => _matrix is not { } matrix ? [] :
    [
        .. matrix.Forces
            .Where(f => Force is null || f.Id == Force)
            .Where(f => Text is null || f.Name.Contains(Text, StringComparison.OrdinalIgnoreCase) || f.Id.Value.StartsWith(Text, StringComparison.OrdinalIgnoreCase))
            .Where(f => Show switch { "blind" => matrix.IsBlind(f.Id), "lapsing" => matrix.IsLapsing(f.Id), _ => true })
            .Select(f => matrix.Row(f, HrefOf, d => With("delegation", d.Id.ToString()), Open?.Id)),
    ];

    private string NoRows => Show switch
    {
        "blind" when Text is null => "Every force lets the Centre see something.",
        "lapsing" when Text is null => "No delegation ends within 30 days.",
        _ => "Remove a filter.",
    };

    private IReadOnlyList<DelegationModel> Listed => Current == Held ? _held : _granted;

    private IReadOnlyList<DelegationModel> Shown =>
    [
        .. Listed
            .Where(d => Ended is not null || d.State is nameof(DelegationState.InForce) or nameof(DelegationState.Planned) || d.Id == Open?.Id)
            .Where(d => Current != Held || Force is null || d.Force == Force)
            .Where(d => Text is null || d.Purpose.Contains(Text, StringComparison.OrdinalIgnoreCase) || d.Scope.Contains(Text, StringComparison.OrdinalIgnoreCase)
                || NameOf(Other(d)).Contains(Text, StringComparison.OrdinalIgnoreCase) || Other(d).Value.Equals(Text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(d => d.State is nameof(DelegationState.InForce) or nameof(DelegationState.Planned) ? 0 : 1)
            .ThenBy(d => Other(d)).ThenBy(d => d.Scope, StringComparer.Ordinal),
    ];

    private DelegationModel? Open => Guid.TryParse(Chosen, out var id) ? _held.Concat(_granted).FirstOrDefault(d => d.Id == id) : null;

    private string NoneTitle => Current == Held ? "No force has delegated anything to your organisation" : $"{_name} has granted no delegation";

    private string NoneText => Current == Held ? "A force grants a delegation from this page, signed in as its security officer or senior information risk owner."
        : _mayGrant ? "Nobody outside sees your records. Grant the Centre the monitoring delegation to be watched over."
        : "Its security officer or its senior information risk owner grants one.";

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _organisations = await Organisations.ListAsync(cancellationToken);
        _force = Force ?? principal.Home;
        _name = NameOf(_force);
        _mayGrant = principal.May(Permissions.DelegationsGrant, principal.Home) && !principal.IsCentre;
        _held = await Delegations.HeldAsync(principal, cancellationToken);
        _matrix = principal.IsCentre ? new DelegationMatrix(_organisations.Where(o => o.IsForce), _held, true, Now) : null;
        // The matrix needs nothing of another controller's; what a force granted is a reading of its records.
        _granted = Current == Granted ? await Delegations.GrantedAsync(principal, _force, Reason, cancellationToken) : [];
        return null;
    }

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        return ReloadAsync();
    }

    private bool Mine(DelegationModel one) => Principal?.Home == one.Force;

    private ForceId Other(DelegationModel one) => Current == Held ? one.Force : one.To;

    private string NameOf(ForceId id) => _organisations.FirstOrDefault(o => o.Id == id)?.ShortName ?? id.Value;

    private string? HrefOf(ForceId force) => Principal?.May(Permissions.DelegationsRead, force) == true ? $"/delegations?view=granted&force={force}" : null;

    // The clock turns amber for the last thirty days, however long the delegation is.
    private static DateTimeOffset Amber(DelegationModel one) => one.Until - (4 * DelegationWords.Soon);

    private static DelegationScope ScopeOf(DelegationModel one) => DelegationScopes.All.First(s => s.Word() == one.Scope);

    private static List<(DateTimeOffset At, string Icon, Tone Tone, string What)> History(DelegationModel one)
    {
        var events = new List<(DateTimeOffset At, string Icon, Tone Tone, string What)>
        {
            (one.GrantedAt, "Handshake", Tone.Good, $"Granted by {one.GrantedBy}"),
        };
        if (one.From - one.GrantedAt > TimeSpan.FromMinutes(5)) events.Add((one.From, "Timer", Tone.Accent, "Begins"));
        events.Add(one.RevokedAt is { } revoked
            ? (revoked, "Dismiss", Tone.Warning, $"Revoked by {one.RevokedBy}: {one.RevokedBecause}")
            : (one.Until, "Timer", Tone.Neutral, "Ends"));
        return [.. events.OrderByDescending(e => e.At)];
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
