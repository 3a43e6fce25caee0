using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>What the dialogs of the register have in common: who acts, the day, the basis, and one attempt at a time.</summary>
public abstract class SuccessionDialog : ComponentBase
{
    [Inject] private IServiceProvider Services { get; set; } = default!;

    [Inject] protected TimeProvider Time { get; set; } = default!;

    [Parameter] public bool Open { get; set; }

    [Parameter] public EventCallback<bool> OpenChanged { get; set; }

    [Parameter, EditorRequired] public ForceId Force { get; set; }

    /// <summary>Resolves who acts, afresh.</summary>
    [Parameter, EditorRequired] public Func<Task<ActingPrincipal?>> Act { get; set; } = default!;

    /// <summary>Called with what was done, in words.</summary>
    [Parameter] public EventCallback<string> OnDone { get; set; }

    protected DateOnly On { get; set; }

    protected string Basis { get; set; } = "";

    protected Failure? Failure { get; set; }

    protected bool Working { get; private set; }

    protected DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    /// <summary>Forgets what was typed for another organisation or another time.</summary>
    protected abstract void Begin();

    private bool _wasOpen;

    protected override void OnParametersSet()
    {
        if (Open && !_wasOpen)
        {
            (On, Basis, Failure) = (Today, "", null);
            Begin();
        }

        _wasOpen = Open;
    }

    protected Task CloseAsync() => OpenChanged.InvokeAsync(false);

    private protected async Task AttemptAsync(
        Func<SuccessionOperations, ActingPrincipal, Task<Outcome<SuccessionModel>>> attempt, Func<SuccessionModel, string> words)
    {
        if (Working || await Act() is not { } principal) return;
        Working = true;
        try
        {
            var operations = (SuccessionOperations)Services.GetService(typeof(SuccessionOperations))!;
            var outcome = await attempt(operations, principal);
            Failure = outcome.Failure;
            if (!outcome.Succeeded) return;
            await CloseAsync();
            await OnDone.InvokeAsync(words(outcome.Value));
        }
        catch (AccessRefusedException refused)
        {
            Failure = refused.Failure;
        }
        finally
        {
            Working = false;
        }
    }

    private protected static string When(SuccessionModel done) =>
        done.Applied ? "in force now" : $"planned for {RegisterWords.Day(done.EffectiveOn)}";
}
