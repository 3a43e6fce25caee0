using Watchhouse.Journal;
using Watchhouse.Monitoring.Demonstration;
using Watchhouse.Monitoring.Demonstration.Stories;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Demonstration;

/// <summary>The stories against every rule that is shipped, as detection looks at them.</summary>
public sealed class DemoStoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 9, 20, 7, TimeSpan.Zero);
    private static readonly Lazy<RuleProgram> Program = new(ReadProgram);

    public static TheoryData<int> Episodes => [0, 1, 2, 3, 4, 5, 6, 7];

    [Theory]
    [MemberData(nameof(Episodes))]
    public void Episode_WithAllShippedRules_RaisesTheExpectedAlertsInTheExpectedForcesAndNoOther(int number)
    {
        var telemetry = new DemoTelemetry(new DemoTimeline(Start, number));

        var found = Find(telemetry.Between(Start, Start + Episode.Length));

        var odd = telemetry.Between(Start, Start + Episode.Length).Where(IsOddity(number)).ToList();
        var expected = ExpectedAlerts.Of(new Episode(number, Start)).Concat(Find(odd).Select(Named)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(expected, found.Select(Named).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Episode_FromItsStart_RaisesItsFirstAlertWithinAMinute()
    {
        foreach (var number in Enumerable.Range(0, 12))
        {
            var first = Find(new DemoTelemetry(new DemoTimeline(Start, number)).Between(Start, Start.AddMinutes(1)));
            Assert.NotEmpty(first);
        }
    }

    [Fact]
    public void Everyday_OfADay_RaisesNothingButOddities()
    {
        var telemetry = new DemoTelemetry(new DemoTimeline(Start, 0));

        var thin = Find(telemetry.Past(Start.AddDays(-1), Start));
        var dense = Find(telemetry.Between(Start.AddHours(-2), Start));

        string[] odd = [.. Oddities.Rules.Select(ExpectedAlerts.IdOf)];
        Assert.InRange(thin.Select(Named).Distinct().Count(), 3, 15);
        Assert.All(thin.Concat(dense), finding => Assert.Contains(finding.RuleKey, odd));
        Assert.All(thin, finding => Assert.Contains(finding.Rule.Level, new[] { Sigma.SigmaLevel.Low, Sigma.SigmaLevel.Medium }));
    }

    private static string Named(Finding finding) => $"{finding.Force} {ExpectedAlerts.NameOf(finding.RuleKey)}";

    // Accidents outside the stories come by their own clock.
    private static Func<DemoEvent, bool> IsOddity(int number)
    {
        var told = new Episode(number, Start).Events().Select(each => each.Line).ToHashSet();
        return each => !told.Contains(each.Line);
    }

    private static List<Finding> Find(IReadOnlyList<DemoEvent> events)
    {
        var detective = new Detective(Program.Value);
        var found = new List<Finding>();
        // As it is delivered: a batch for each force and source, every few seconds.
        foreach (var span in events.GroupBy(each => DemoFeed.Floor(each.At)))
        {
            foreach (var (force, delivery) in DemoDelivery.Of(span))
            {
                var harvest = new Harvest();
                var batch = delivery.Batches[0];
                detective.Look(
                    new JournalBatch
                    {
                        Id = Guid.NewGuid(),
                        Owner = force.Id.Value,
                        Source = batch.Source,
                        Collector = "test",
                        ReceivedAt = span.Key + DemoFeed.Every,
                        Format = batch.Format,
                        Count = batch.Count,
                        Payload = batch.Payload,
                    },
                    ExceptionBook.Empty, span.Key, harvest);
                found.AddRange(harvest.Findings);
            }
        }

        return found;
    }

    private static RuleProgram ReadProgram()
    {
        var texts = Directory.EnumerateFiles(RepositoryRoot.File("national/detections"), "*.yml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        var units = texts.Select(text =>
        {
            var (sheet, fault) = RuleText.Read(text);
            Assert.Null(fault);
            return new RuleUnit(Guid.NewGuid(), ForceId.Centre, false, sheet!.Names, sheet.Placeholders, text);
        }).ToList();
        return RuleProgramBuilder.Build(units, [], []);
    }
}
