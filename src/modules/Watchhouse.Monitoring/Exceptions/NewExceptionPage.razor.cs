using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Explaining;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Exceptions;

public sealed partial class NewExceptionPage
{
    private const int MostRules = 8;
    private const int FirstShown = 8;
    private const int UsualDays = 90;

    private readonly List<DraftPart> _parts = [];
    private readonly SortedSet<ForceId> _forces = [];
    private IReadOnlyList<ForceListing> _organisations = [];
    private IReadOnlyList<RuleRow> _rules = [];
    private AlertRow? _alert;
    private ExceptionPreviewAnswer? _preview;
    private Failure? _failure;
    private Guid _made;
    private string _rule = "";
    private string _words = "";
    private string _reason = "";
    private string _owner = "";
    private string _missing = "";
    private DateOnly _last;
    private int _asked;
    private bool _whole;
    private bool _all;
    private bool _confirming;

    /// <summary>The alert that it is made from.</summary>
    [SupplyParameterFromQuery(Name = "alert")]
    public string? FromAlert { get; set; }

    /// <summary>The rule, as alerts name it.</summary>
    [SupplyParameterFromQuery(Name = "rule")]
    public string? FromRule { get; set; }

    /// <summary>With a rule: whom or what its alerts are about. The newest such alert says what an exception could be made of.</summary>
    [SupplyParameterFromQuery(Name = "entity")]
    public string? FromEntity { get; set; }

    private bool IsCentre => Principal?.IsCentre == true;

    private DateOnly Today => HouseTime.DayOf(Time.GetUtcNow());

    private string Title => _alert?.Title ?? _rules.FirstOrDefault(rule => rule.Key == _rule)?.Title ?? _rule;

    // What is chosen and what was added is never hidden.
    private IEnumerable<DraftPart> Visible => _parts.Where((part, at) => _all || at < FirstShown || part.IsOn || part.IsOwn || part.MetRule);

    private int Hidden => _parts.Count - Visible.Count();

    private List<ExceptionPart> Chosen => [.. _parts.Where(part => part.IsOn && part.Field.Trim().Length > 0).Select(part => part.Made)];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _organisations = [.. (await Directory.ListAsync(cancellationToken)).Where(listing => listing.Id != ForceId.Centre)];
        (_owner, _last) = (RuleOperations.Name(principal), Today.AddDays(UsualDays));
        _parts.Clear();
        _forces.Clear();
        (_alert, _preview) = (null, null);
        if (FromAlert is not null)
        {
            if (!Guid.TryParse(FromAlert, out var id)) return Failure.NotFound;
            if (await TakeAlertAsync(principal, id, cancellationToken) is { } failure) return failure;
        }
        else if (FromRule is { Length: > 0 } rule)
        {
            (_rule, _words) = (rule, rule);
            if (await NewestAsync(principal, rule, cancellationToken) is not { } newest
                || await TakeAlertAsync(principal, newest, cancellationToken) is not null)
                await FindRulesAsync();
        }

        if (_parts.Count == 0) _parts.Add(new DraftPart());
        await CountAsync();
        return null;
    }

    private async Task<Failure?> TakeAlertAsync(ActingPrincipal principal, Guid id, CancellationToken cancellationToken)
    {
        var found = await Alerts.FindAsync(principal, id, Reason, cancellationToken);
        if (!found.Succeeded) return found.Failure;
        // A force's exceptions are for itself: an alert of another can be seen, and not be left out.
        if (!principal.IsCentre && found.Value.Alert.Force != principal.Home)
            return Failure.Conflict($"The alert is of {NameOf(found.Value.Alert.Force)}, whose own people make its exceptions.");
        _alert = found.Value.Alert;
        _rule = _alert.Rule;
        _forces.Add(_alert.Force);
        var explained = AlertExplanation.Of(found.Value, RuleBook.Program.SetFor(_alert.Force.Value));
        _parts.AddRange(ExceptionSuggestions.Of(explained).Select(each => new DraftPart(each)));
        return null;
    }

    private async Task<Guid?> NewestAsync(ActingPrincipal principal, string rule, CancellationToken cancellationToken)
    {
        if (FromEntity is not { Length: > 0 } entity || !principal.Holds(Platform.Authorisation.Permissions.AlertsRead)) return null;
        var filter = new AlertFilter { Rule = rule, Entity = entity, Force = principal.IsCentre ? null : principal.Home, Take = 1, Reason = Reason };
        return (await Alerts.PageAsync(principal, filter, cancellationToken)).Rows is [var newest, ..] ? newest.Id : null;
    }

    private async Task FindRulesAsync()
    {
        if (await ActAsync() is not { } principal) return;
        if (_words.Trim().Length < 3)
        {
            _rules = [];
            return;
        }

        var page = await RuleQueries.PageAsync(principal, new RuleFilter { Text = _words.Trim(), Take = 60, Reason = Reason }, Leaving);
        // One's own organisation makes exceptions from the nation's rules and from its own.
        _rules = [.. page.Rules.Where(rule => RuleLifeCycle.Runs(rule.State) && (rule.Owner == ForceId.Centre || rule.Owner == principal.Home)).Take(MostRules)];
        if (_rules.Count == 1) await ChooseAsync(_rules[0].Key);
    }

    private Task ChooseAsync(string key)
    {
        _rule = key;
        return CountAsync();
    }

    private Task ToggleAsync(ForceId force)
    {
        if (!_forces.Remove(force)) _forces.Add(force);
        return CountAsync();
    }

    private Task WholeAsync(bool whole)
    {
        _whole = whole;
        return CountAsync();
    }

    private Task SwitchAsync(DraftPart part)
    {
        part.IsOn = !part.IsOn;
        return CountAsync();
    }

    private void Add() => _parts.Add(new DraftPart());

    /// <summary>Counts at once what the choice would have done.</summary>
    private async Task CountAsync()
    {
        var asked = ++_asked;
        _preview = null;
        _missing = _rule.Length == 0 ? "Choose a rule."
            : IsCentre && _forces.Count == 0 ? "Choose for which forces it is."
            : !_whole && Chosen.Count == 0 ? "Choose at least one part, or the whole rule."
            : _whole ? "" : Chosen.Select(part => part.Fault()).FirstOrDefault(fault => fault is not null) ?? "";
        if (_missing.Length > 0 || await ActAsync() is not { } principal) return;
        if (!principal.Holds(Platform.Authorisation.Permissions.AlertsRead))
        {
            _missing = "You may not see alerts, so what it would have done cannot be shown.";
            return;
        }

        try
        {
            var counted = await Queries.PreviewAsync(principal, Options(), Reason, Leaving);
            if (asked != _asked) return;
            (_preview, _missing) = (counted.Value, counted.Failure?.Message ?? "");
        }
        catch (AccessRefusedException refused)
        {
            _missing = refused.Failure.Message;
        }
    }

    private void Confirm()
    {
        _failure = ExceptionOperations.Fault(Principal!, Options(), Time.GetUtcNow());
        _confirming = _failure is null;
    }

    private async Task<Failure?> CreateAsync(ActingPrincipal principal, string? reason)
    {
        var made = await Operations.CreateAsync(principal, Options(), reason, Leaving);
        if (made.Succeeded) _made = made.Value.Id;
        return made.Failure;
    }

    private void Made()
    {
        Toasts.Say("The exception is in force");
        Navigation.NavigateTo($"/exceptions/{_made}");
    }

    private ExceptionOptions Options() => new()
    {
        Rule = _rule,
        Condition = _whole ? [] : Chosen,
        WholeRule = _whole,
        Reason = _reason,
        Owner = _owner,
        // To the end of its last day.
        ExpiresAt = HouseTime.StartOf(_last.AddDays(1)).AddSeconds(-1),
        Forces = IsCentre ? [.. _forces] : [],
    };

    private string NameOf(ForceId force) => _organisations.FirstOrDefault(listing => listing.Id == force)?.Name ?? force.Value;

    private string? Wrong(string field) => _failure?.Field == field ? "true" : null;

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A part while it is written.</summary>
    private sealed class DraftPart
    {
        public DraftPart() => (IsOn, IsOwn) = (true, true);

        public DraftPart(SuggestedPart suggested) =>
            (Field, Test, Value, IsOn, MetRule) = (suggested.Part.Field, suggested.Part.Test, suggested.Part.Value, suggested.IsProposed, suggested.MetRule);

        public string Field { get; set; } = "";

        public ExceptionTest Test { get; set; }

        public string Value { get; set; } = "";

        public bool IsOn { get; set; }

        /// <summary>Whether it was added by hand, and its field is written too.</summary>
        public bool IsOwn { get; }

        public bool MetRule { get; }

        public ExceptionPart Made => new(Field.Trim(), Test, Test == ExceptionTest.OneOf ? Value.ReplaceLineEndings("\n").Trim('\n') : Value.Trim());
    }
}
