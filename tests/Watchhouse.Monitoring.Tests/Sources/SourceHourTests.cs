using System.Net;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Tests.Sources;

public sealed class SourceHourTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Hours_OfASource_CountWhatCameAndWhatWasNotTaken()
    {
        await using var house = await IngestHouse.StartAsync();
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var stranger = await house.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
        await house.PostAsync("/ingest/v1/events/firewall", "{\"a\":1}\n{\"a\":2}\n");
        // An answer that tells of rejects waits until the book is written.
        await house.PostAsync("/ingest/v1/events/firewall", "{\"a\":3}\nno JSON\n");

        using var answer = await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/ingest/sources/KNT/firewall/hours");
        var hours = (await answer.JsonAsync()).EnumerateArray().ToList();
        Assert.Equal(3, hours.Sum(hour => hour.GetProperty("events").GetInt64()));
        Assert.Equal(1, hours.Sum(hour => hour.GetProperty("rejects").GetInt64()));
        Assert.All(hours, hour => Assert.Equal((0, 0), (hour.GetProperty("hour").GetDateTimeOffset().Minute, hour.GetProperty("hour").GetDateTimeOffset().Second)));

        foreach (var (person, address) in new[] { (officer, "KNT/nowhere"), (officer, "ESX/firewall"), (officer, "x/firewall"), (stranger, "KNT/firewall") })
        {
            using var hidden = await house.House.SendAsync(person, HttpMethod.Get, $"/api/v1/ingest/sources/{address}/hours");
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }
    }

    [Theory]
    [InlineData(null, 0, 0, 5, nameof(SourceCondition.Silent))]
    [InlineData(25 * 60, 0, 0, 0, nameof(SourceCondition.Silent))]
    [InlineData(3 * 60, 20, 10, 0, nameof(SourceCondition.Late))]
    [InlineData(3 * 60, 4, 10, 0, nameof(SourceCondition.Arriving))]
    [InlineData(1, 20, 100, 2, nameof(SourceCondition.Rejecting))]
    [InlineData(1, 20, 100, 1, nameof(SourceCondition.Arriving))]
    public void Condition_OfASource_FollowsFromItsLastDay(int? minutesAgo, int hours, int eventsAnHour, int rejectsAnHour, string expected)
    {
        var counts = Enumerable.Range(0, Math.Max(hours, 1)).Select(hour => new HourCount(SourceHour.Of(Now).AddHours(-hour), eventsAnHour, 0, rejectsAnHour)).ToList();

        Assert.Equal(expected, SourceState.Of(minutesAgo is { } minutes ? Now.AddMinutes(-minutes) : null, counts, Now).ToString());
    }
}
