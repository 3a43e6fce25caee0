using Microsoft.AspNetCore.Components;
using Watchhouse.Monitoring.Rules.Editing;
using Watchhouse.Monitoring.Rules.Pages;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Rules.Lists;

/// <summary>A list, or the want of one.</summary>
/// <param name="Owner">Whose it is, or would be.</param>
/// <param name="List">The list; null where rules need it and it is not there.</param>
/// <param name="Rules">Titles of rules that need it.</param>
internal sealed record ListLine(ForceId Owner, string Name, ValueListRow? List, IReadOnlyList<string> Rules)
{
    public string Key => $"{Owner}/{Name}";
}

public sealed partial class ValueListsPage
{
    private List<ListLine> _rows = [];
    private Dictionary<string, string> _names = [];
    private LongText? _values;
    private List<string> _written = [];
    private ForceId _home;
    private string? _opened;
    private string? _closed;
    private string? _difference;
    private string? _refusal;
    private string _change = "";
    private string _newName = "";
    private bool _manages;
    private bool _editing;
    private bool _working;
    private bool _confirming;
    private bool _removing;
    private bool _naming;

    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "of")]
    public string? Of { get; set; }

    protected override IEnumerable<string> DetailParameters => ["name", "of"];

    private ListLine? Opened => Name is null ? null
        : _rows.Find(line => line.Name == Name && (Of is null || line.Owner.Value == Of))
            // A list that is about to be written is not there yet.
            ?? (_manages && Of == _home.Value ? new(_home, Name, null, _rows.Find(line => line.Name == Name)?.Rules ?? []) : null);

    private string? OpenKey => Name is null ? null : Opened?.Key ?? Name;

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] :
    [
        new(RuleWordsOnScreen.Number(_rows.Count(line => line.List is not null)), "lists", "/rules/lists"),
        .. _rows.Any(line => line.List is null) ? [new HeaderFigure(RuleWordsOnScreen.Number(_rows.Count(line => line.List is null)), "missing", "/rules/lists", Tone.Warning)] : Array.Empty<HeaderFigure>(),
    ];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(l => l.Id.Value, l => l.Name);
        (_home, _manages) = (principal.Home, principal.Holds(Permissions.RulesManage));
        var answer = await Operations.ListAsync(principal, Reason, cancellationToken);
        var needed = answer.Needed.ToDictionary(each => each.Name, each => each.Rules, StringComparer.Ordinal);
        _rows = [.. answer.Lists.Select(list => new ListLine(list.Owner, list.Name, list, needed.GetValueOrDefault(list.Name, [])))
            .Concat(answer.Needed.Where(each => !each.IsThere && !answer.Lists.Any(list => list.Name == each.Name && list.Owner == principal.Home))
                .Select(each => new ListLine(principal.Home, each.Name, null, each.Rules)))
            .OrderBy(line => line.List is not null).ThenBy(line => line.Name, StringComparer.Ordinal).ThenBy(line => line.Owner)];
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (OpenKey == _opened) return;
        if (OpenKey is null) _closed = _opened;
        _opened = OpenKey;
        StopEditing();
        // A new list is there to be written.
        if (Opened is { List: null } && CanChange(Opened) && _newName == Name) Edit();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_closed is not { } closed) return;
        _closed = null;
        await Script.ReturnToRowAsync(closed);
    }

    private bool CanChange(ListLine line) => _manages && line.Owner == _home;

    private void Edit() => (_editing, _difference, _refusal) = (true, null, null);

    private void StopEditing() => (_editing, _difference, _refusal) = (false, null, null);

    private async Task<bool> ReadAsync()
    {
        try
        {
            _written = [.. (await _values!.ReadAsync()).ReplaceLineEndings("\n").Split('\n').Select(value => value.Trim()).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)];
            _refusal = null;
            return true;
        }
        catch (InvalidDataException e)
        {
            _refusal = e.Message;
            return false;
        }
    }

    private async Task CompareAsync()
    {
        if (await ReadAsync()) Compare();
    }

    private void Compare() => _difference = LineDifference.Of(string.Join('\n', Opened?.List?.Values ?? []), string.Join('\n', _written));

    private async Task AskSaveAsync()
    {
        _working = true;
        try
        {
            if (!await ReadAsync()) return;
            Compare();
            var before = Opened?.List?.Values ?? [];
            var (come, gone) = (_written.Except(before, StringComparer.Ordinal).Count(), before.Except(_written, StringComparer.Ordinal).Count());
            _change = (come, gone) switch
            {
                (0, 0) => "No value comes or goes.",
                (_, 0) => come == 1 ? "One value comes." : $"{RuleWordsOnScreen.Number(come)} values come.",
                (0, _) => gone == 1 ? "One value goes." : $"{RuleWordsOnScreen.Number(gone)} values go.",
                _ => $"{RuleWordsOnScreen.Number(come)} come and {RuleWordsOnScreen.Number(gone)} go.",
            };
            _confirming = true;
        }
        finally
        {
            _working = false;
        }
    }

    private async Task<Failure?> SaveAsync(ActingPrincipal principal, string? reason) =>
        (await Operations.SetAsync(principal, Name!, _written, Opened?.List?.Version, reason, CancellationToken.None)).Failure;

    private async Task DoneAsync()
    {
        StopEditing();
        Toasts.Say($"The list '{Name}' was saved");
        await ReloadAsync();
    }

    private async Task<Failure?> RemoveAsync(ActingPrincipal principal, string? reason) =>
        Opened?.List is { } list ? (await Operations.RemoveAsync(principal, list.Name, list.Version, reason, CancellationToken.None)).Failure : Failure.NotFound;

    private async Task RemovedAsync()
    {
        Toasts.Say($"The list '{Name}' was removed");
        await ReloadAsync();
        Navigation.NavigateTo(Address(null));
    }

    private void AskNew() => (_newName, _naming) = ("", true);

    private Task<Failure?> NameAsync(ActingPrincipal principal, string? reason)
    {
        var name = _newName.Trim();
        if (!ValueListOperations.IsName(name)) return Task.FromResult<Failure?>(Failure.Invalid(ValueListOperations.NameIsAsked, "name"));
        return Task.FromResult(_rows.Exists(line => line.List is not null && line.Owner == _home && line.Name == name)
            ? Failure.Conflict("There is a list of this name. Open it and edit it.") : null);
    }

    private void Named() => OwnOf(_newName.Trim());

    private void OwnOf(string name)
    {
        _newName = name;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["name"] = name, ["of"] = _home.Value }));
    }

    private string Address(ListLine? line) =>
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["name"] = line?.Name, ["of"] = line?.Owner.Value });

    private string Whose(ListLine line) => line.List is null
        ? $"{(line.Owner == ForceId.Centre ? "The Centre has" : $"{NameOf(line.Owner)} has")} no list of this name. Rules that need it wait for it."
        : line.Owner == ForceId.Centre ? "The Centre's: it holds for every force that has none of its own." : $"{NameOf(line.Owner)}'s own: for its events it goes before the Centre's.";

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);
}
