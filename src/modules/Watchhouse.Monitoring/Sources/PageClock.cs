namespace Watchhouse.Monitoring.Sources;

/// <summary>Lets a page that is open look again by the clock.</summary>
internal static class PageClock
{
    /// <summary>How often a page of sources looks again.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Calls again and again until the person leaves.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="every">The time between the end of one look and the next.</param>
    /// <param name="look">What is done; it brings itself to the page's own thread.</param>
    /// <param name="leaving">Ends it.</param>
    public static async Task RunAsync(TimeProvider time, TimeSpan every, Func<Task> look, CancellationToken leaving)
    {
        try
        {
            while (true)
            {
                await Task.Delay(every, time, leaving);
                await look();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The person has left.
        }
    }
}
