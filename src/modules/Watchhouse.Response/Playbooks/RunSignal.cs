using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Playbooks;

/// <summary>
/// Tells open screens of this node that a run or what waits for approval has changed, and of which force; nothing else, so each screen
/// asks for itself and within its own rights. It wakes the job that acts, too.
/// </summary>
internal sealed class RunSignal : IDisposable
{
    private readonly SemaphoreSlim _work = new(0, 1);

    public event Action<ForceId>? Raised;

    public void Raise(ForceId force)
    {
        Wake();
        Raised?.Invoke(force);
    }

    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => await _work.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _work.Dispose();

    private void Wake()
    {
        try
        {
            if (_work.CurrentCount == 0) _work.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else woke it in the same moment, or the program ends.
        }
    }
}
