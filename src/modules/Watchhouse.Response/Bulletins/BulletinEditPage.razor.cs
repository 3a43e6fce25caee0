using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Bulletins;

/// <summary>Writes a bulletin, and corrects one that is published.</summary>
public sealed partial class BulletinEditPage
{
    private readonly SortedSet<ForceId> _addressed = [];
    private IReadOnlyList<OrganisationSummary> _forces = [];
    private Failure? _failure;
    private Guid? _saved;
    private uint? _version;
    private string _number = "Bulletin";
    private string _title = "";
    private string _text = "";
    private string _actions = "";
    private string _instructions = "";
    private string _what = "";
    private Severity _severity = Severity.High;
    private IncidentHandling _handling = IncidentHandling.OfficialSensitive;
    private DateTime _answerBy;
    private bool _toAll = true;
    private bool _isOut;
    private bool _isMaterial;
    private bool _working;

    /// <summary>The bulletin that is changed; null for a new one.</summary>
    [Parameter] public Guid? Id { get; set; }

    [Inject] private BulletinQueries Queries { get; set; } = default!;

    [Inject] private BulletinOperations Operations { get; set; } = default!;

    [Inject] private IOrganisations Organisations { get; set; } = default!;

    [Inject] private Toasts Toasts { get; set; } = default!;

    private string Heading => Id is null ? "Write a bulletin" : _isOut ? "Correct the bulletin" : "Change the draft";

    private IReadOnlyList<string> Actions => [.. _actions.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _forces = [.. (await Organisations.ListAsync(cancellationToken)).Where(each => each.IsForce).OrderBy(each => each.Name, StringComparer.Ordinal)];
        if (Id is not { } id)
        {
            var local = HouseTime.Local(Time.GetUtcNow().AddDays(2)).DateTime;
            _answerBy = local.Date.AddHours(local.Hour);
            return null;
        }

        var found = await Queries.FindAsync(principal, id, Reason, cancellationToken);
        if (!found.Succeeded) return found.Failure;
        var (model, row) = (found.Value, found.Value.Bulletin);
        if (row.State == nameof(BulletinState.Withdrawn)) return Failure.Conflict($"This bulletin was withdrawn: {model.WithdrawnBecause} Write another where one is needed.");
        (_saved, _version, _number, _isOut) = (id, model.Version, row.Number, row.State == nameof(BulletinState.Published));
        (_title, _text, _actions, _instructions) = (row.Title, model.Text, string.Join('\n', model.Actions), model.Instructions);
        (_severity, _answerBy, _toAll) = (Enum.Parse<Severity>(row.Severity), HouseTime.Local(row.AnswerBy).DateTime, model.ToAll);
        _handling = Enum.GetValues<IncidentHandling>().First(each => IncidentRules.Words(each) == model.Handling);
        foreach (var force in model.Addressed) _addressed.Add(force);
        return null;
    }

    private async Task SaveAsync(bool publish)
    {
        if (_working || await ActAsync() is not { } principal) return;
        _working = true;
        try
        {
            _failure = await SaveAsync(principal, publish);
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

    private async Task<Failure?> SaveAsync(ActingPrincipal principal, bool publish)
    {
        if (!_toAll && _addressed.Count == 0) return Failure.Invalid("Choose at least one force.", "addressed");
        var options = new BulletinOptions
        {
            Title = _title, Text = _text, Actions = Actions, Severity = _severity, Handling = _handling, Instructions = _instructions, AnswerBy = Moment(_answerBy), Addressed = _toAll ? [] : [.. _addressed],
        };
        if (_isOut)
        {
            var corrected = await Operations.CorrectAsync(principal, _saved!.Value, options, new(_what, _isMaterial), _version, CancellationToken.None);
            return Gone(corrected, _isMaterial ? "The bulletin is corrected, and every force is asked anew" : "The bulletin is corrected");
        }

        // A draft that was saved and could not be published is not written a second time.
        var saved = _saved is { } known
            ? await Operations.EditAsync(principal, known, options, _version, CancellationToken.None)
            : await Operations.DraftAsync(principal, options, CancellationToken.None);
        if (!saved.Succeeded) return saved.Failure;
        (_saved, _version) = (saved.Value, null);
        return publish
            ? Gone(await Operations.PublishAsync(principal, saved.Value, null, CancellationToken.None), "The bulletin is published")
            : Gone(saved, "The draft is saved");
    }

    private Failure? Gone(Outcome<Guid> done, string said)
    {
        if (!done.Succeeded) return done.Failure;
        Toasts.Say(said);
        Navigation.NavigateTo($"/bulletins/{done.Value}");
        return null;
    }

    private static DateTimeOffset Moment(DateTime local)
    {
        if (local.Year < 2000) return DateTimeOffset.MinValue;
        var at = HouseTime.StartOf(DateOnly.FromDateTime(local)) + local.TimeOfDay;
        // A day on which clocks change is an hour longer or shorter: put the clock of that moment right.
        return at + (local - HouseTime.Local(at).DateTime);
    }

    private void Toggle(ForceId force)
    {
        if (!_addressed.Remove(force)) _addressed.Add(force);
    }

    private string? Wrong(string field) => _failure?.Field == field ? "true" : null;
}
