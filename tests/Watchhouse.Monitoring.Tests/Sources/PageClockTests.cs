using Watchhouse.Monitoring.Sources;
using Watchhouse.Monitoring.Tests.Collect.Fake;

namespace Watchhouse.Monitoring.Tests.Sources;

public sealed class PageClockTests
{
    [Fact]
    public async Task Run_WhileThePageIsOpen_LooksByTheClockAndEndsWithIt()
    {
        var clock = new TestClock(DateTimeOffset.UnixEpoch);
        using var leaving = new CancellationTokenSource();
        var looked = new List<DateTimeOffset>();

        await PageClock.RunAsync(clock, PageClock.Every, () =>
        {
            looked.Add(clock.GetUtcNow());
            if (looked.Count == 3) leaving.Cancel();
            return Task.CompletedTask;
        }, leaving.Token);

        Assert.Equal([30, 60, 90], looked.Select(at => (int)(at - DateTimeOffset.UnixEpoch).TotalSeconds));
    }
}
