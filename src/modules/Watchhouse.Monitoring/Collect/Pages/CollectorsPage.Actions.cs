using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Collect.Pages;

/// <summary>What can be done with a collector.</summary>
internal enum CollectorAction
{
    None,
    Change,
    Credential,
    SwitchOn,
    SwitchOff,
    Run,
    Remove,
}

/// <summary>What a person who may does with a collector. Each dialog acts on the version that it was opened with.</summary>
public sealed partial class CollectorsPage
{
    private CollectorAnswer? _editing;
    private CollectorAction _asked;

    private string KeptWords => _editing is { } one ? CollectorWords.Of(one.Kind).Kept : "";

    internal void Ask(CollectorAction action)
    {
        (_editing, _asked) = (Open?.Collector, action);
        StateHasChanged();
    }

    /// <summary>Runs it at once; only where the controller demands a reason is a question asked first.</summary>
    internal async Task RunNowAsync()
    {
        if (Open is not { } open || await ActAsync() is not { } principal) return;
        _editing = open.Collector;
        try
        {
            if (await RunAsync(principal, null) is { } failure) Toasts.Say(failure.Message, Platform.Ui.ToastTone.Problem);
            else await DoneAsync("It runs as soon as there is room");
        }
        catch (AccessRefusedException refused) when (refused.Failure.Kind == FailureKind.ReasonRequired)
        {
            _asked = CollectorAction.Run;
        }
        catch (AccessRefusedException refused)
        {
            Toasts.Say(refused.Failure.Message, Platform.Ui.ToastTone.Problem);
        }

        StateHasChanged();
    }

    private async Task<Failure?> RunAsync(ActingPrincipal principal, string? reason) =>
        _editing is not { } one ? Failure.NotFound : (await Operations.RunAsync(principal, one.Id, reason, CancellationToken.None)).Failure;

    private async Task<Failure?> SwitchAsync(ActingPrincipal principal, string? reason) => _editing is not { } one ? Failure.NotFound
        : (await Operations.ChangeAsync(principal, one.Id, new CollectorInput { Enabled = !one.Enabled, Version = one.Version }, reason, CancellationToken.None)).Failure;

    private async Task<Failure?> RemoveAsync(ActingPrincipal principal, string? reason) =>
        _editing is not { } one ? Failure.NotFound : (await Operations.RemoveAsync(principal, one.Id, reason, CancellationToken.None)).Failure;

    private void Close(bool open)
    {
        if (!open) _asked = CollectorAction.None;
    }

    private void CloseSetUp(bool open)
    {
        if (!open && Do is not null) Navigation.NavigateTo(With("do", null), replace: true);
    }

    private Task MadeAsync(Guid id)
    {
        Toasts.Say("The collector is set up, and runs at once");
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["do"] = null, ["collector"] = id.ToString(), ["show"] = null, ["q"] = null }));
        return ReloadAsync();
    }

    private Task RemovedAsync()
    {
        Navigation.NavigateTo(With("collector", null));
        return DoneAsync("The collector is removed");
    }

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        return ReloadAsync();
    }
}
