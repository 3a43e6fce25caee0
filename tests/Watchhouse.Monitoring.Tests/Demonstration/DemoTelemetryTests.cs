using System.Globalization;
using System.Text.RegularExpressions;
using Watchhouse.Monitoring.Demonstration;
using Watchhouse.Monitoring.Demonstration.Stories;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Normalisation;

namespace Watchhouse.Monitoring.Tests.Demonstration;

public sealed partial class DemoTelemetryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 9, 20, 7, TimeSpan.Zero);

    private static DemoTelemetry New(int episode = 0) => new(new DemoTimeline(Start, episode));

    [Fact]
    public void Between_TheSameSpanInOneOrInParts_TheSameEvents()
    {
        var whole = New().Between(Start, Start.AddMinutes(12)).Select(each => each.Line).ToList();

        var (parts, telemetry) = (new List<string>(), New());
        for (var at = Start; at < Start.AddMinutes(12); at += DemoFeed.Every) parts.AddRange(telemetry.Between(at, at + DemoFeed.Every).Select(each => each.Line));

        Assert.Equal(whole, parts);
        Assert.Equal(whole.Count, whole.Distinct().Count());
    }

    [Fact]
    public void Past_IsAThinPartOfTheSameEvents()
    {
        var all = New().Between(Start, Start.AddHours(2)).Select(each => each.Line).ToHashSet();

        var past = New().Past(Start, Start.AddHours(2)).Select(each => each.Line).ToList();

        Assert.Subset(all, past.ToHashSet());
        Assert.InRange(past.Count, 300, all.Count / 20);
        // No story is left out.
        Assert.Subset(past.ToHashSet(), new Episode(0, Start).Events().Select(each => each.Line).ToHashSet());
    }

    [Fact]
    public void Between_BusyAndQuietHours_AFewEventsASecond()
    {
        double RateAt(int hour)
        {
            var from = new DateTimeOffset(2026, 11, 24, hour, 0, 0, TimeSpan.Zero);
            return New().Between(from, from.AddMinutes(30)).Count / 1800.0;
        }

        Assert.InRange(RateAt(10), 3.5, 5.5);
        Assert.InRange(RateAt(3), 1, 2);
        Assert.InRange(New().Past(Start.AddDays(-1), Start).Count, 2_000, 8_000);
    }

    [Fact]
    public void Forces_EachHasItsSources()
    {
        var events = New().Between(Start, Start.AddHours(1));

        Assert.Equal(12, DemoForce.All.Count);
        Assert.All(DemoForce.All, force => Assert.InRange(force.Sources.Count, 4, 6));
        var arrived = events.Select(each => (each.Force.Id.Value, each.Source.Name)).ToHashSet();
        Assert.All(DemoForce.All.SelectMany(force => force.Sources.Select(source => (force.Id.Value, source.Name))), each => Assert.Contains(each, arrived));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Events_AllOfThem_BecomeRowsOfTheirTableAtTheirTime(int episode)
    {
        var wrong = new List<string>();
        var tables = new HashSet<string>();
        var ids = new HashSet<Guid>();
        foreach (var each in Everything(episode))
        {
            var rows = Rows(each, out var unreadable);
            foreach (var row in rows)
            {
                tables.Add(row.Table);
                if (!ids.Add(row.Id)) wrong.Add($"an id twice: {each.Line}");
                if (row.Table != each.Table) wrong.Add($"{row.Table} instead of {each.Table}: {each.Line}");
                if ((row.Time - each.At).Duration() > TimeSpan.FromSeconds(1)) wrong.Add($"{row.Time:O} instead of {each.At:O}: {each.Line}");
            }

            if (unreadable != 0) wrong.Add($"cannot be read: {each.Line}");
        }

        Assert.Empty(wrong.Take(5));
        // Who is mailed to in a form of the story decides whether there are clicks.
        string[] expected =
        [
            "OfficeActivity", "SigninLogs", "AuditLogs", "SecurityEvent", "Event", "DeviceProcessEvents", "DeviceNetworkEvents", "DeviceLogonEvents", "EmailEvents",
            "CommonSecurityLog", "Syslog", .. episode == 0 ? ["UrlClickEvents"] : Array.Empty<string>(),
        ];
        Assert.Superset(expected.ToHashSet(), tables);
    }

    [Fact]
    public void Events_HoldOnlyNamesAndAddressesForDocumentation()
    {
        var wrong = new HashSet<string>();
        foreach (var each in Everything(1))
        {
            wrong.UnionWith(Mail().Matches(each.Line).Select(match => match.Groups[1].Value).Where(domain => !domain.EndsWith(".example", StringComparison.Ordinal)));
            wrong.UnionWith(Address().Matches(each.Line).Select(match => match.Value).Where(address => !IsForDocumentation(address)));
            if (!each.Line.Contains("emonstration", StringComparison.Ordinal)) wrong.Add($"bears no label: {each.Line}");
        }

        Assert.Empty(wrong);
        Assert.All(DemoSource.All, source => Assert.StartsWith("demo-", source.Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, 0, "+0:00 0")]
    [InlineData(4, 0, "-0:04 0")]
    [InlineData(30, 0, "+0:00 1")]
    [InlineData(65, 0, "-1:05 0")]
    [InlineData(150, 2, "+0:00 5")]
    [InlineData(-10, 2, "+0:00 3")]
    public void Continue_AtANewStart_GoesOnWithTheEpisodeThatIsToldOrBeginsTheNext(int? minutesAgo, int first, string expected)
    {
        var before = minutesAgo is { } ago ? new DemoTimeline(Start.AddMinutes(-ago), first) : null;

        var timeline = DemoTimeline.Continue(before, Start);

        var since = Start - timeline.Anchor;
        Assert.Equal(expected, $"{(since > TimeSpan.Zero ? '-' : '+')}{since.ToString(@"h\:mm", CultureInfo.InvariantCulture)} {timeline.First}");
    }

    [Fact]
    public void Quiet_AfterTheAttack_TheWindowsLogsOfTheForceStopAndComeBack()
    {
        var force = new Episode(0, Start).Cast().Encrypted;
        int Count(int from, int to) => New().Between(Start.AddMinutes(from), Start.AddMinutes(to)).Count(each => each.Force == force && each.Source == DemoSource.Windows);

        Assert.NotEqual(0, Count(0, 7));
        Assert.Equal(0, Count(8, 52));
        Assert.NotEqual(0, Count(52, 60));
    }

    private static IEnumerable<DemoEvent> Everything(int episode)
    {
        var telemetry = New(episode);
        return telemetry.Past(Start.AddDays(-1), Start).Concat(telemetry.Between(Start, Start.AddMinutes(15)));
    }

    private static readonly PayloadEvents Payload = new();
    private static readonly EventNormaliser Normaliser = new(TableMappings.Default);

    private static List<(string Table, DateTimeOffset Time, Guid Id)> Rows(DemoEvent each, out long unreadable)
    {
        var rows = new List<(string, DateTimeOffset, Guid)>();
        var row = new NormalisedEvent();
        foreach (var (_, delivery) in DemoDelivery.Of([each]))
        {
            var batch = Assert.Single(delivery.Batches);
            Payload.Read(batch.Format, batch.Payload, each.At.AddSeconds(5), record =>
            {
                Normaliser.Normalise(record, new EventContext(each.Force.Id.Value, batch.Source, each.At.AddSeconds(5)), row);
                rows.Add((row.Table, row.TimeGenerated, EvidenceId.Of(row.Identity)));
            });
        }

        unreadable = Payload.Unreadable;
        Assert.Single(rows);
        return rows;
    }

    private static bool IsForDocumentation(string address) =>
        address.StartsWith("192.0.2.", StringComparison.Ordinal) || address.StartsWith("198.51.100.", StringComparison.Ordinal)
        || address.StartsWith("203.0.113.", StringComparison.Ordinal) || address == "127.0.0.1";

    [GeneratedRegex(@"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")]
    private static partial Regex Mail();

    [GeneratedRegex(@"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Address();
}
