using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Estate;

public sealed partial class EstatePage
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private EstateView _view = new([], []);
    private IReadOnlyList<ForceListing> _forces = [];
    private List<KindCheck>? _checks;
    private RegistrationAnswer? _edited;
    private Guid _tested;
    private bool _mayManage;
    private bool _isWide;
    private bool _editing;
    private bool _limiting;
    private bool _removing;
    private bool _testing;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>The registration whose detail is open.</summary>
    [SupplyParameterFromQuery(Name = "registration")]
    public string? Chosen { get; set; }

    protected override IEnumerable<string> DetailParameters => ["registration", "q"];

    private DateTimeOffset Now => Time.GetUtcNow();

    private int Wanting => _view.Registrations.Count(r => StateOf(r).Tone is Tone.Danger or Tone.Warning);

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] :
    [
        new(Number(_view.Registrations.Count), _view.Registrations.Count == 1 ? "application is registered" : "applications are registered", With("q", null)),
        new(Number(Wanting), Wanting == 1 ? "needs attention" : "need attention", With("q", null), Wanting > 0 ? Tone.Warning : Tone.Neutral),
    ];

    private List<RegistrationAnswer> Shown =>
    [
        .. _view.Registrations.Where(r => Text is null || r == Open || r.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || r.Force.Value.Equals(Text, StringComparison.OrdinalIgnoreCase) || NameOf(r.Force).Contains(Text, StringComparison.OrdinalIgnoreCase)
            || KindsWords(r).Contains(Text, StringComparison.OrdinalIgnoreCase)),
    ];

    private RegistrationAnswer? Open => Guid.TryParse(Chosen, out var id) ? _view.Registrations.FirstOrDefault(r => r.Id == id) : null;

    // The force's own limits are shown before any are set: nothing named is a fact too.
    private LimitsAnswer? OwnLimits => !_mayManage || Principal is not { } actor ? null
        : _view.Limits.FirstOrDefault(l => l.Force == actor.Home) ?? new LimitsAnswer(actor.Home, [], 0, false, 0);

    private string EmptyText => _view.Registrations.Count > 0 ? "Remove the filter."
        : _mayManage ? "Until one is, the Centre can only advise. Register an application in the force's tenant with the permissions of the kinds that the force wants, then set it up here."
        : "Until a force sets one up, the Centre can only advise it. Its security officer or senior information risk owner does that on this page.";

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _forces = await Directory.ListAsync(cancellationToken);
        _mayManage = principal.Holds(Permissions.EstateManage) && (Force is null || Force == principal.Home);
        _isWide = principal.ForcesFor(Permissions.EstateRead).Length > 1;
        _view = await Queries.ReadAsync(principal, Force, Reason, cancellationToken);
        if (Open?.Id != _tested) _checks = null;
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Open?.Id != _tested) _checks = null;
        await base.OnParametersSetAsync();
    }

    private void Edit(RegistrationAnswer? one) => (_edited, _editing) = (one, true);

    private async Task TestAsync()
    {
        if (Open is not { } open || await ActAsync() is not { } principal) return;
        _testing = true;
        StateHasChanged();
        try
        {
            var tested = await Operations.TestAsync(principal, open.Id, Reason, Leaving);
            if (tested.Succeeded) (_checks, _tested) = (tested.Value, open.Id);
            else Toasts.Say(tested.Failure.Message, ToastTone.Problem);
        }
        catch (AccessRefusedException refused)
        {
            Toasts.Say(refused.Failure.Message, ToastTone.Problem);
        }
        finally
        {
            _testing = false;
        }

        await ReloadAsync();
    }

    private async Task<Failure?> RemoveAsync(ActingPrincipal principal, string? reason) => Open is not { } open ? Failure.NotFound
        : (await Operations.RemoveAsync(principal, open.Id, reason, CancellationToken.None)).Failure;

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        _checks = null;
        return ReloadAsync();
    }

    private string NameOf(ForceId id) => _forces.FirstOrDefault(f => f.Id == id)?.Name ?? id.Value;

    private (string Word, Tone Tone) StateOf(RegistrationAnswer one) =>
        one.CredentialExpiresAt <= Now ? ("Expired", Tone.Danger)
        : one.Kinds.Count == 0 ? ("Switched off", Tone.Neutral)
        : one.CheckProblem is not null ? ("Lacking", Tone.Danger)
        : one.CredentialExpiresAt - Now <= Soon ? ("Expires soon", Tone.Warning)
        : one.CheckedAt is null ? ("Not tested", Tone.Warning)
        : ("Ready", Tone.Good);

    private static string KindsWords(RegistrationAnswer one) => one.Kinds.Count == 0 ? "Nothing" : string.Join(", ", one.Kinds.Select(kind => EstateKinds.Of(kind).Title));

    private static string ExpiryWords(RegistrationAnswer one) => one.CredentialExpiresAt is { } at ? HouseTime.Date(at.AddTicks(-1)) : "No end known";

    private static string CredentialWords(RegistrationAnswer one) =>
        $"{(one.CredentialKind == CredentialKind.Certificate ? "Certificate" : "Secret")}, {(one.CredentialFile is { } file ? $"in the file {file} of the centre" : "sealed")}. It is never shown again.";

    private static string ServersWords(LimitsAnswer limits) => limits.ServersToo ? "Servers may be isolated." : "Servers are never isolated.";

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
