namespace Watchhouse.Sigma.Tests;

public sealed class CorrelationTests
{
    private const string Base = """
        title: a
        id: 00000000-0000-4000-9000-00000000000a
        name: ra
        logsource: {product: test}
        detection: {s: {X: a}, condition: s}
        ---
        title: b
        id: 00000000-0000-4000-9000-00000000000b
        name: rb
        logsource: {product: test}
        detection: {s: {X: b}, condition: s}
        ---
        title: c
        name: rc
        logsource: {product: test}
        detection: {s: {X: c}, condition: s}
        ---

        """;

    private static Streams With(string correlation, CorrelationOptions? options = null) => Streams.Of(Base + "title: t\nname: t\ncorrelation:\n" + correlation, options);

    [Theory]
    [InlineData("value_sum", "gt: 100", "60,39,2", "..!")]
    [InlineData("value_avg", "gte: 50", "40,59,60", "..!")]
    [InlineData("value_median", "gt: 10", "1,100,11", ".!!")]
    [InlineData("value_percentile", "gte: 90, percentile: 100", "1,90", ".!")]
    [InlineData("value_percentile", "lte: 1, percentile: 0", "5,1", ".!")]
    [InlineData("value_count", "eq: 2", "a,a,b,c", "..!.")]
    [InlineData("value_count", "neq: 1", "a,b", ".!")]
    public void Observe_ValueTypes_FireWhenTheirNumberMeetsTheBounds(string type, string bounds, string values, string fires)
    {
        var streams = With($"  type: {type}\n  rules: [ra]\n  timespan: 1h\n  condition: {{field: V, {bounds}}}\n");
        var found = values.Split(',').Select((value, at) => streams.At(at, new { X = "a", V = value })).Select(each => each.Count > 0).ToArray();

        // A group that has fired and still holds is silent: only rises are told apart here.
        var expected = fires.Select((c, at) => c == '!' && (at == 0 || fires[at - 1] != '!'));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Observe_ConditionStillHolds_FiresOnceInATimespanAndAgainAfterItFell()
    {
        var streams = With("  type: event_count\n  rules: [ra]\n  timespan: 10m\n  condition: {gte: 2}\n");
        var fired = new double[] { 0, 1, 2, 3, 12, 13, 30, 31 }.Where(minute => streams.At(minute, new { X = "a" }).Count > 0);

        // 1 rises; 2 and 3 are within ten minutes of it; 12 holds still, a timespan later; 30 is alone and 31 rises.
        Assert.Equal([1, 12, 31], fired);
    }

    [Fact]
    public void Observe_LateEventsInAnyOrder_JoinTheWindowTheyBelongTo()
    {
        var streams = With(
            "  type: temporal_ordered\n  rules: [ra, rb]\n  timespan: 5m\n  group-by: [H]\n", new() { Lateness = TimeSpan.FromMinutes(10) });

        Assert.Empty(streams.At(8, new { X = "c", H = "h" }));
        Assert.Empty(streams.At(4, new { X = "b", H = "h" }));
        var firing = Assert.Single(streams.At(1, new { X = "a", H = "h" }));
        Assert.Equal(2, firing.EventCount);
        Assert.Equal(["1", "4"], firing.References);
    }

    [Fact]
    public void Observe_LaterThanLateness_CountedAndLeftOut()
    {
        var streams = With("  type: event_count\n  rules: [ra]\n  timespan: 1h\n  condition: {gte: 2}\n", new() { Lateness = TimeSpan.FromMinutes(5) });
        streams.At(20, new { X = "a" });

        Assert.Empty(streams.At(14, new { X = "a" }));
        Assert.Equal(1, streams.Engine.Counters.TooLate);
        Assert.Single(streams.At(15, new { X = "a" }));
    }

    [Fact]
    public void Observe_NoTimeOrGroupOrValue_Counted()
    {
        var streams = With("  type: value_sum\n  rules: [ra]\n  group-by: [H]\n  timespan: 1h\n  condition: {field: V, gt: 1}\n");
        streams.At(0, new { X = "a", V = 1 });
        streams.At(0, new { X = "a", H = "h", V = "many" });
        streams.Feed("""{"X": "a", "H": "h", "V": 1}""");

        var counters = streams.Engine.Counters;
        Assert.Equal((1, 1, 1, 1), (counters.WithoutGroup, counters.WithoutValue, counters.WithoutTime, counters.Events));
    }

    [Theory]
    [InlineData("ra")]
    [InlineData("00000000-0000-4000-9000-00000000000a")]
    public void Observe_RuleWithIdAndName_ReachedByEither(string reference)
    {
        var streams = With($"  type: event_count\n  rules: [{reference}]\n  timespan: 1h\n  condition: {{gte: 1}}\n");

        Assert.Single(streams.At(0, new { X = "a" }));
        Assert.True(streams.Engine.Suppresses(0));
    }

    [Theory]
    [InlineData("ra and not rb", "a", true)]
    [InlineData("ra and not rb", "ab", false)]
    [InlineData("ra and not 00000000-0000-4000-9000-00000000000b", "ab", false)]
    [InlineData("ra and (rb or rc)", "ac", true)]
    [InlineData("ra and (rb or rc)", "bc", false)]
    public void Observe_TemporalConditionOfNames_DecidedByWhatTheWindowHolds(string condition, string events, bool fires)
    {
        var streams = With($"  type: temporal\n  rules: [ra, rb, rc]\n  timespan: 5m\n  condition: {condition}\n");
        var firings = events.SelectMany((each, at) => streams.At(at, new { X = each.ToString() })).ToList();
        streams.Engine.End(firings);

        Assert.Equal(fires ? 1 : 0, firings.Count);
    }

    [Fact]
    public void Observe_AbsenceDecided_OnlyOnceTheWindowAndTheLatenessAreOver()
    {
        var streams = With("  type: temporal\n  rules: [ra, rb]\n  timespan: 5m\n  condition: ra and not rb\n", new() { Lateness = TimeSpan.FromMinutes(2) });
        streams.At(0, new { X = "a" });
        var firings = new List<CorrelationFiring>();
        var start = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

        streams.Engine.Advance("force", start.AddMinutes(6), firings);
        Assert.Empty(firings);
        streams.Engine.Advance("force", start.AddMinutes(7.1), firings);
        Assert.Single(firings);
    }

    [Fact]
    public void Observe_ChainOfCorrelations_GroupsByItsOwnField()
    {
        // The first groups by host alone: the second takes its user from the event that completed the first.
        var streams = Streams.Of(Base + """
            title: many
            name: many
            correlation: {type: event_count, rules: [ra], group-by: [H], timespan: 10m, condition: {gte: 2}}
            ---
            title: then
            name: then
            correlation: {type: temporal_ordered, rules: [many, rb], group-by: [U], timespan: 10m}
            """);

        streams.At(0, new { X = "a", H = "h", U = "u" });
        Assert.Equal(["many"], streams.At(1, new { X = "a", H = "h", U = "u" }).Select(each => each.Correlation.Name!));
        Assert.Empty(streams.At(2, new { X = "b", H = "h", U = "other" }));
        Assert.Equal(["then"], streams.At(3, new { X = "b", H = "h2", U = "u" }).Select(each => each.Correlation.Name!));
    }

    [Fact]
    public void Suppresses_GenerateTrue_RulesReportThemselvesToo()
    {
        var silent = With("  type: event_count\n  rules: [ra]\n  timespan: 1h\n  condition: {gte: 2}\n");
        var loud = With("  type: event_count\n  rules: [ra]\n  timespan: 1h\n  condition: {gte: 2}\n  generate: true\n");

        Assert.True(silent.Engine.Suppresses(0));
        Assert.False(silent.Engine.Suppresses(1));
        Assert.False(loud.Engine.Suppresses(0));
    }

    [Fact]
    public void Observe_TwoForces_NeverShareAGroupAndHaveBoundsOfTheirOwn()
    {
        var streams = With("  type: event_count\n  rules: [ra]\n  group-by: [H]\n  timespan: 1h\n  condition: {gte: 2}\n", new() { GroupsPerOwner = 2 });

        Assert.Empty(streams.At(0, new { X = "a", H = "h" }, "north"));
        Assert.Empty(streams.At(1, new { X = "a", H = "h" }, "south"));
        for (var host = 0; host < 5; host++) streams.At(2, new { X = "a", H = $"flood{host}" }, "north");

        Assert.Single(streams.At(3, new { X = "a", H = "h" }, "south"));
        Assert.Empty(streams.At(3, new { X = "a", H = "h" }, "north"));
        Assert.True(streams.Engine.Counters.GroupsDropped >= 4);
        Assert.True(streams.Engine.Counters.Groups <= 4);
    }

    [Fact]
    public void Observe_MoreEventsThanAGroupMayHold_OldestGoAndAreCounted()
    {
        var streams = With("  type: event_count\n  rules: [ra]\n  timespan: 1h\n  condition: {gte: 1000000}\n", new() { EventsPerGroup = 100 });
        for (var at = 0; at < 500; at++) streams.At(at / 100.0, new { X = "a" });

        Assert.InRange(streams.Engine.Counters.Events, 1, 100);
        Assert.Equal(500, streams.Engine.Counters.Events + streams.Engine.Counters.EventsDropped);
    }

    [Fact]
    public void Restore_InTheMiddleOfAWindow_FiresAsIfNothingHadHappened()
    {
        const string rule = "  type: value_count\n  rules: [ra, rb]\n  group-by: [H]\n  timespan: 1h\n  condition: {field: V, gte: 3}\n";
        var first = With(rule);
        first.At(0, new { X = "a", H = "h", V = "1" });
        first.At(1, new { X = "b", H = "h", V = "2" });
        var second = With(rule);
        second.Engine.Restore(first.Engine.Save());

        var firing = Assert.Single(second.At(2, new { X = "a", H = "h", V = "3" }));
        Assert.Equal(["0", "1", "2"], firing.References);
    }

    [Fact]
    public void Restore_RuleChangedMeanwhile_GroupsLeftOutAndCounted()
    {
        var first = With("  type: event_count\n  rules: [ra]\n  timespan: 1h\n  condition: {gte: 2}\n");
        first.At(0, new { X = "a" });
        var second = With("  type: event_count\n  rules: [rb]\n  timespan: 1h\n  condition: {gte: 2}\n");
        second.Engine.Restore(first.Engine.Save());

        Assert.Equal((1, 0), (second.Engine.Counters.GroupsNotRestored, second.Engine.Counters.Groups));
    }

    [Fact]
    public void Restore_DamagedState_SaysSoAndStartsEmpty()
    {
        var streams = With("  type: event_count\n  rules: [ra]\n  group-by: [H]\n  timespan: 1h\n  condition: {gte: 9}\n");
        for (var host = 0; host < 5; host++) streams.At(host, new { X = "a", H = $"h{host}" });
        var state = streams.Engine.Save();
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var damaged = (byte[])state.Clone();
            for (var hit = 0; hit < 3; hit++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (round % 2 == 0) damaged = damaged[..random.Next(damaged.Length)];
            var fresh = With("  type: event_count\n  rules: [ra]\n  group-by: [H]\n  timespan: 1h\n  condition: {gte: 9}\n").Engine;
            try
            {
                fresh.Restore(damaged);
            }
            catch (InvalidDataException)
            {
                Assert.Equal(0, fresh.Counters.Groups);
            }
        }
    }

    [Theory]
    [InlineData("rules: [nobody]", "nobody")]
    [InlineData("rules: [t]", "itself")]
    [InlineData("rules: [ra, rb]\n  condition: ra and not rd", "rd")]
    [InlineData("rules: [ra]\n  aliases: {u: {rb: U}}", "rb")]
    [InlineData("rules: [ra]\n  timespan: 1x", "timespan")]
    public void Parse_CorrelationThatCannotWork_RejectedWithReason(string lines, string reason)
    {
        var timespan = lines.Contains("timespan", StringComparison.Ordinal) ? "" : "\n  timespan: 5m";
        var set = SigmaLoader.Parse($"{Base}title: t\nname: t\ncorrelation:\n  type: temporal\n  {lines}{timespan}\n", "x.yml");

        Assert.Empty(set.Correlations);
        Assert.Equal(3, set.Rules.Count);
        Assert.Contains(reason, set.Reports[3].Reason);
        Assert.Equal(RuleState.Rejected, set.Reports[3].State);
    }
}
