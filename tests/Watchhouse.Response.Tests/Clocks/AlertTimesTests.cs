using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Testing;

namespace Watchhouse.Response.Tests.Clocks;

public sealed class AlertTimesTests
{
    [Theory]
    [InlineData("critical", "new", "Centre: acknowledge", 15)]
    [InlineData("high", "open", "Centre: advise", 120)]
    [InlineData("informational", "new", "Centre: acknowledge", 480)]
    public void Of_AnAlertThatIsNotClosed_IsTheCentresTimeByItsLevel(string level, string status, string does, int minutes)
    {
        var raised = new DateTimeOffset(2026, 12, 1, 3, 0, 0, TimeSpan.Zero);
        var due = Times().Of(ForceId.Of("KNT"), level, status, raised)!;
        Assert.Equal((does, raised, raised.AddMinutes(minutes)), (due.Does, due.From, due.Until));
    }

    [Theory]
    [InlineData("waiting")]
    [InlineData("closed")]
    public void Of_AnAlertThatWaitsOrIsClosed_IsNone(string status) => Assert.Null(Times().Of(ForceId.Of("KNT"), "high", status, DateTimeOffset.UnixEpoch));

    private static AlertTimes Times()
    {
        var book = new ClockPolicyBook();
        book.Open(Path.Combine(RepositoryRoot.Directory, "national"));
        return new(book);
    }
}
