using Microsoft.AspNetCore.Components;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// Deciding: on the rows that are selected, else on the one in hand, else on the one that is open. After a verdict on the open
/// alert the next of the list opens, and for some seconds the decision can be taken back.
/// </summary>
public sealed partial class AlertsPage
{
    private static readonly TimeSpan UndoShown = TimeSpan.FromSeconds(12);

    private IReadOnlyList<AlertRow> _chosen = [];
    private IReadOnlyList<AlertStepRow> _history = [];
    private IReadOnlyList<Colleague> _people = [];
    private List<AlertRow> _meant = [];
    private SimilarAlerts? _similar;
    private TriageCounts? _toDo;
    private AlertRow? _current;
    private UndoOffer? _undo;
    private TriageAct _act;
    private string _verdict = "";
    private string _why = "";
    private string _to = "";
    private string _wide = "this";
    private bool _deciding;

    [SupplyParameterFromQuery(Name = "status")]
    public string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "owner")]
    public string? Owner { get; set; }

    [SupplyParameterFromQuery(Name = "verdict")]
    public string? Verdict { get; set; }

    [Inject] private TriageOperations Triage { get; set; } = default!;

    [Inject] private TriageQueries TriageLook { get; set; } = default!;

    private bool MayTriage => Principal?.Holds(Permissions.AlertsTriage) == true;

    private bool MayTriageCurrent => _current is { } row && Principal?.May(Permissions.AlertsTriage, row.Force) == true;

    private string DecisionTitle => (_act switch
    {
        TriageAct.Close => "Close",
        TriageAct.Wait => "Wait for the force:",
        TriageAct.Assign => "Give",
        _ => "Open again:",
    }) + (_meant.Count == 1 ? " this alert" : $" {_meant.Count} alerts") + (_act == TriageAct.Assign ? " to" : "");

    private string DecisionLabel => _act switch
    {
        TriageAct.Close => $"Close as {TriageWords.Verdict(_verdict).ToLowerInvariant()}",
        TriageAct.Wait => "Wait for the force",
        TriageAct.Assign => "Give alert",
        _ => "Open alert",
    };

    private IEnumerable<PageKey> TriageKeys =>
    [
        new("a", "Take the alert, or the selected ones, on", row => KeyAsync("a", row)),
        new("g", "Give to a colleague, or back", row => KeyAsync("g", row)),
        new("w", "Wait for the force", row => KeyAsync("w", row)),
        new("o", "Open again", row => KeyAsync("o", row)),
        .. Verdicts.All.Select((verdict, index) => new PageKey($"{index + 1}", $"Close as {TriageWords.Verdict(verdict).ToLowerInvariant()}", row => KeyAsync($"{index + 1}", row))),
        new("u", "Take the last decision back", _ => UndoAsync()),
    ];

    private Task ChooseAsync(IReadOnlyList<AlertRow> rows)
    {
        _chosen = rows;
        return Task.CompletedTask;
    }

    private async Task KeyAsync(string key, string? row)
    {
        if (!MayTriage || _deciding) return;
        _meant = Meant(row);
        if (_meant.Count == 0)
        {
            Toasts.Say("Move to an alert with j and k, or select some with x", ToastTone.Information);
            return;
        }

        (_why, _wide, _similar, _to) = ("", "this", null, Principal!.Subject);
        _act = key switch { "a" or "g" => TriageAct.Assign, "w" => TriageAct.Wait, "o" => TriageAct.Open, _ => TriageAct.Close };
        if (key == "a" || (key == "o" && _meant.TrueForAll(each => each.Status != TriageStates.Closed)))
        {
            if (await ActAsync() is not { } principal) return;
            var order = key == "a" ? new TriageOrder(TriageAct.Assign) { Owner = principal.Subject } : new TriageOrder(TriageAct.Open);
            try
            {
                if (await DecideAsync(principal, order, null) is { } failure)
                {
                    // A controller that asks why is answered in the dialog.
                    if (failure.Kind == FailureKind.ReasonRequired) _deciding = true;
                    else Toasts.Say(failure.Message, ToastTone.Problem);
                }
                else await DecidedAsync();
            }
            catch (AccessRefusedException refused)
            {
                Toasts.Say(refused.Failure.Message, ToastTone.Problem);
            }

            StateHasChanged();
            return;
        }

        if (_act == TriageAct.Close) _verdict = Verdicts.All[key[0] - '1'];
        if (_act == TriageAct.Assign && await ActAsync() is { } who) _people = await TriageLook.PeopleAsync(who, Leaving);
        _deciding = true;
        StateHasChanged();
        if (_act == TriageAct.Close && _meant is [var only] && await ActAsync() is { } reader)
        {
            try
            {
                var found = await TriageLook.SimilarAsync(reader, only.Id, _detailReason ?? Reason, Leaving);
                if (_deciding && _meant is [var still] && still.Id == only.Id) _similar = found.Value;
            }
            catch (AccessRefusedException)
            {
                // Nothing similar is offered to who may not see it.
            }

            StateHasChanged();
        }
    }

    // The buttons beside the open alert mean it and nothing else, whatever is selected in the list.
    private Task OpenKeyAsync(string key)
    {
        _chosen = [];
        return KeyAsync(key, null);
    }

    private List<AlertRow> Meant(string? row)
    {
        var shown = _rows.ToDictionary(each => each.Id);
        var chosen = _chosen.Where(each => shown.ContainsKey(each.Id)).Select(each => shown[each.Id]).ToList();
        if (chosen.Count > 0) return chosen;
        if (_current is { } open && Id == open.Id) return [open];
        return Guid.TryParse(row, out var id) && shown.TryGetValue(id, out var inHand) ? [inHand] : [];
    }

    private Task<Failure?> ActOnAsync(ActingPrincipal principal, string? reason) => DecideAsync(principal, new TriageOrder(_act)
    {
        Owner = _act == TriageAct.Assign ? _to : "",
        Verdict = _act == TriageAct.Close ? _verdict : null,
        Reason = _why,
    }, reason);

    private List<TriageSubject> _subjects = [];
    private TriageAnswer? _answer;
    private TriageOrder? _order;

    private async Task<Failure?> DecideAsync(ActingPrincipal principal, TriageOrder order, string? reason)
    {
        _order = order;
        var wide = _wide switch { "entity" => _similar?.SameEntity, "title" => _similar?.SameTitle, _ => null } ?? [];
        _subjects = [.. _meant.Select(row => new TriageSubject(row.Id, row.Version)), .. wide];
        var decided = await Triage.DecideAsync(principal, _subjects, order, reason ?? _detailReason ?? Reason, Leaving);
        if (!decided.Succeeded) return decided.Failure;
        _answer = decided.Value;
        return decided.Value.Done == 0 ? decided.Value.Refusals[decided.Value.Results[0].Id] : null;
    }

    /// <summary>Shows what was decided, offers to take it back, and goes on to the next.</summary>
    private async Task DecidedAsync()
    {
        if (_answer is not { } answer || _order is not { } order || Principal is not { } me) return;
        var done = answer.Results.Where(result => result.Done).ToDictionary(result => result.Id);
        var was = _rows.FindIndex(row => row.Id == Id);
        var name = order.Owner == me.Subject ? me.Name : _people.FirstOrDefault(each => each.Id == order.Owner)?.Name ?? "";
        AlertRow After(AlertRow row)
        {
            var result = done[row.Id];
            var owner = order.Act == TriageAct.Assign ? (order.Owner, name) : row.Owner.Length == 0 ? (me.Subject, me.Name) : (row.Owner, row.OwnerName);
            return row with
            {
                Status = result.Status!, Version = result.Version!.Value, Owner = owner.Item1, OwnerName = owner.Item2,
                Verdict = order.Act == TriageAct.Close ? order.Verdict! : "",
            };
        }

        if (_current is { } current && done.ContainsKey(current.Id)) _current = After(current);
        for (var index = 0; index < _rows.Count; index++)
            if (done.ContainsKey(_rows[index].Id)) _rows[index] = After(_rows[index]);
        var shown = _rows.Where(row => row.Id == Id).Select(row => row.Id).FirstOrDefault();
        _rows.RemoveAll(row => done.ContainsKey(row.Id) && !IsListed(row));
        _chosen = [];
        Offer(new UndoOffer([.. answer.Results.Where(result => result.Done).Select(result => new TriageSubject(result.Id, result.Version!.Value))],
            Said(order, done.Count, name), Id is { } id && done.ContainsKey(id) ? id : null));
        if (answer.Results.Count > done.Count)
            Toasts.Say($"{answer.Results.Count - done.Count} of {answer.Results.Count} were left as they are. {answer.Results.First(result => !result.Done).Refusal}", ToastTone.Problem);
        await CountToDoAsync(me);
        if (order.Act == TriageAct.Close && Id is { } open && done.ContainsKey(open)) await NextAsync(was, shown != Guid.Empty);
        else if (_current is not null && done.ContainsKey(_current.Id)) await ReadHistoryAsync(me);
        StateHasChanged();
    }

    private async Task NextAsync(int was, bool listed)
    {
        // What was closed has left a list of what is to do; elsewhere it stays and the one below it follows.
        var next = !listed || was < 0 ? 0 : _rows.Count > was && _rows[was].Id == Id ? was + 1 : was;
        if (next >= _rows.Count && _next is not null) await LoadMoreAsync();
        if (next < _rows.Count)
        {
            Navigation.NavigateTo(Listed(_rows[next].Id));
            return;
        }

        Toasts.Say("That was the last alert of this list");
        Navigation.NavigateTo(Listed(null));
    }

    private static string Said(TriageOrder order, int count, string name)
    {
        var what = count == 1 ? "One alert" : $"{count} alerts";
        return order.Act switch
        {
            TriageAct.Close => $"{what} closed as {TriageWords.Verdict(order.Verdict!).ToLowerInvariant()}",
            TriageAct.Wait => $"{what} now {(count == 1 ? "waits" : "wait")} for the force",
            TriageAct.Assign => order.Owner.Length == 0 ? $"{what} given back" : $"{what} now with {name}",
            _ => $"{what} opened",
        };
    }

    private void Offer(UndoOffer offer)
    {
        _undo = offer;
        _ = WithdrawAsync(offer);
    }

    private async Task WithdrawAsync(UndoOffer offer)
    {
        try
        {
            await Task.Delay(UndoShown, Time, Leaving);
            await InvokeAsync(() =>
            {
                if (_undo != offer) return;
                _undo = null;
                StateHasChanged();
            });
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The person has left.
        }
    }

    private async Task UndoAsync()
    {
        if (_undo is not { } offer || await ActAsync() is not { } principal) return;
        _undo = null;
        try
        {
            var undone = await Triage.UndoAsync(principal, offer.Subjects, _detailReason ?? Reason, Leaving);
            if (!undone.Succeeded) Toasts.Say(undone.Failure.Message, ToastTone.Problem);
            else if (undone.Value.Results.FirstOrDefault(result => !result.Done) is { } refused) Toasts.Say(refused.Refusal!, ToastTone.Problem);
            else Toasts.Say(undone.Value.Done == 1 ? "The decision was taken back" : $"{undone.Value.Done} decisions were taken back");
            await ReloadAsync();
            if (offer.Open is { } open && open != Id) Navigation.NavigateTo(Listed(open));
            else if (Id is not null) await OpenAsync();
        }
        catch (AccessRefusedException refused)
        {
            Toasts.Say(refused.Failure.Message, ToastTone.Problem);
        }

        StateHasChanged();
    }

    private bool IsListed(AlertRow row) => Filter().Value is not { } filter
        || ((filter.Status is null || (filter.Status.Only is { } only ? row.Status == only : row.Status != TriageStates.Closed))
            && (filter.Owner is null || row.Owner == filter.Owner) && (filter.Verdict is null || row.Verdict == filter.Verdict));

    private async Task ReadHistoryAsync(ActingPrincipal principal)
    {
        if (_current is not { } row) return;
        var read = await TriageLook.HistoryAsync(principal, row.Id, _detailReason ?? Reason, logged: false, Leaving);
        if (row.Id == _current?.Id) _history = read.Value ?? [];
    }

    private async Task CountToDoAsync(ActingPrincipal principal) => _toDo = await TriageLook.CountsAsync(principal, Force, Reason, Leaving);

    private static string Counted(int count) => count >= TriageQueries.MostCounted ? "1,000+" : AlertWords.Number(count);

    /// <summary>What can still be taken back.</summary>
    private sealed record UndoOffer(IReadOnlyList<TriageSubject> Subjects, string Words, Guid? Open);
}
