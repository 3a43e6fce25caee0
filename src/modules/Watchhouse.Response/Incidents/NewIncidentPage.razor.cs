using Microsoft.AspNetCore.Components;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Correlation;

namespace Watchhouse.Response.Incidents;

public sealed partial class NewIncidentPage
{
    private const int MostKnown = 5;

    private readonly SortedSet<ForceId> _parts = [];
    private IReadOnlyList<AlertBrief> _alerts = [];
    private IReadOnlyList<IncidentRow> _known = [];
    private IReadOnlyList<ForceId> _choices = [];
    private Dictionary<string, string> _names = [];
    private Failure? _failure;
    private IncidentImpact _impact = IncidentImpact.Serious;
    private IncidentUrgency _urgency = IncidentUrgency.Today;
    private IncidentHandling _handling = IncidentHandling.OfficialSensitive;
    private string _for = "";
    private string _title = "";
    private string _summary = "";
    private string _instructions = "";
    private bool _holds;
    private bool _working;

    /// <summary>The alerts that it rests on.</summary>
    [SupplyParameterFromQuery(Name = "alert")]
    public Guid[]? FromAlerts { get; set; }

    /// <summary>The candidate that becomes a national incident.</summary>
    [SupplyParameterFromQuery(Name = "candidate")]
    public Guid? FromCandidate { get; set; }

    [Inject] private CandidateQueries Candidates { get; set; } = default!;

    private bool IsCentre => Principal?.IsCentre == true;

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(listing => listing.Id.Value, listing => listing.Name);
        _choices = [.. principal.ForcesFor(Permissions.IncidentsWork).OrderBy(force => force == ForceId.Centre ? "" : _names.GetValueOrDefault(force.Value, force.Value), StringComparer.Ordinal)];
        if (_alerts.Count == 0 && FromCandidate is { } candidate)
        {
            var found = await Candidates.FindAsync(principal, candidate, Reason, cancellationToken);
            if (!found.Succeeded) return found.Failure;
            var mine = found.Value.Alerts.Where(alert => principal.May(Permissions.IncidentsWork, alert.Force)).Select(alert => alert.Id).Take(IncidentOperations.MostAlerts).ToList();
            if (mine.Count > 0) _alerts = await Alerts.FindAsync(principal, mine, Reason, cancellationToken);
            // The forces read the title: what was the same may be one force's own, so it is not put there.
            (_for, _title) = (ForceId.Centre.Value, "The same seen in several forces");
            foreach (var alert in _alerts) _parts.Add(alert.Force);
        }

        if (_alerts.Count == 0 && FromAlerts is { Length: > 0 } ids)
        {
            if (ids.Length > IncidentOperations.MostAlerts) return Failure.Invalid($"An incident takes at most {IncidentOperations.MostAlerts} alerts at a time. Choose fewer.");
            _alerts = await Alerts.FindAsync(principal, [.. ids.Distinct()], Reason, cancellationToken);
            if (_alerts.Count < ids.Distinct().Count()) return Failure.NotFound;
            _for = _alerts.Select(alert => alert.Force).Distinct().Count() == 1 ? _alerts[0].Force.Value : ForceId.Centre.Value;
            // The forces read the title: an alert's may say something of its own force.
            _title = _for == ForceId.Centre.Value ? "Alerts of several forces" : _alerts[0].Title;
            foreach (var alert in _alerts) _parts.Add(alert.Force);
        }

        if (_for.Length == 0) _for = (Force is { } chosen && _choices.Contains(chosen) ? chosen : principal.Home).Value;
        _known = [];
        _holds = false;
        if (_alerts.Count != 1 || !principal.May(Permissions.IncidentsRead, _alerts[0].Force)) return null;
        _known = await Queries.ListAsync(principal, new IncidentFilter { Alert = _alerts[0].Id, Take = MostKnown, Reason = Reason }, cancellationToken);
        _holds = _known.Count > 0;
        if (!_holds) _known = await Queries.ListAsync(principal, new IncidentFilter { Force = _alerts[0].Force, Take = MostKnown, Reason = Reason }, cancellationToken);
        return null;
    }

    private Task OpenAsync() => WorkAsync(async principal =>
    {
        var opened = await Operations.OpenAsync(principal, new OpenOptions
        {
            Force = ForceId.Of(_for), Title = _title, Summary = _summary, Impact = _impact, Urgency = _urgency, Handling = _handling, Instructions = _instructions,
            Alerts = [.. _alerts.Select(alert => alert.Id)], Parts = _for == ForceId.Centre.Value ? [.. _parts] : [], Candidate = FromCandidate,
        }, CancellationToken.None);
        if (!opened.Succeeded) return opened.Failure;
        Toasts.Say("The incident is open");
        Navigation.NavigateTo($"/incidents/{opened.Value}");
        return null;
    });

    private Task AddAsync(IncidentRow row) => WorkAsync(async principal =>
    {
        var added = await Operations.AddAlertsAsync(principal, row.Id, [.. _alerts.Select(alert => alert.Id)], CancellationToken.None);
        if (!added.Succeeded) return added.Failure;
        Toasts.Say($"The alert is in {row.Reference}");
        Navigation.NavigateTo($"/incidents/{row.Id}");
        return null;
    });

    private async Task WorkAsync(Func<ActingPrincipal, Task<Failure?>> work)
    {
        if (_working || await ActAsync() is not { } principal) return;
        _working = true;
        try
        {
            _failure = await work(principal);
        }
        catch (AccessRefusedException refused)
        {
            _failure = refused.Failure;
        }
        finally
        {
            _working = false;
        }
    }

    private void Toggle(ForceId force)
    {
        if (!_parts.Remove(force)) _parts.Add(force);
    }

    private string NameOf(string force) => _names.GetValueOrDefault(force, force);

    private string? Wrong(string field) => _failure?.Field == field ? "true" : null;
}
