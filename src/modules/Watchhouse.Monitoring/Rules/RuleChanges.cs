using Watchhouse.Monitoring.Detection;

namespace Watchhouse.Monitoring.Rules;

/// <summary>Wakes the compiler when something that it puts together has changed.</summary>
internal sealed class RuleChanges(RuleBook book) : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>Says that a change is stored. Returns its number; it runs when the book's status has reached that.</summary>
    public long Raise()
    {
        var number = book.Ask();
        _wake.Release();
        return number;
    }

    /// <summary>Waits for a change, or for the time to pass; true for a change.</summary>
    public async Task<bool> WaitAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        if (!await _wake.WaitAsync(most, cancellationToken)) return false;
        // Several changes at once are one.
        while (_wake.Wait(0, cancellationToken))
        {
        }

        return true;
    }

    public void Dispose() => _wake.Dispose();
}
