using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Rules.Editing;
using Watchhouse.Monitoring.Rules.Pages;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Tests.Rules;

/// <summary>What the pages of rules rest on: the list in its tree, rules tried on pasted events, tables of log sources.</summary>
public sealed class RulePageCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly ForceId Kent = ForceId.Of("KNT");

    [Fact]
    public void Shelf_WithFilters_CountsEachChoiceUnderTheOthers()
    {
        RuleRow[] rows =
        [
            Row("Alpha", "windows/*/security", "high", RuleStage.Live, ["attack.credential_access"]),
            Row("Beta", "windows/process_creation/*", "low", RuleStage.Testing, ["attack.execution", "attack.t1059"]),
            Row("Gamma", "m365/*/audit", "high", RuleStage.Testing, []),
            Row("Delta", "", "informational", RuleStage.Draft, ["attack.execution"]),
        ];
        var shelf = new RuleShelf(rows, new Dictionary<string, long> { ["Beta"] = 200 }, new ShelfAddress { State = "testing" });

        Assert.Equal(["Beta", "Gamma"], shelf.Rows.Select(each => each.Row.Title));
        Assert.Equal((4, 2, 1), (shelf.State(null), shelf.State(RuleStage.Testing), shelf.State(RuleStage.Live)));
        Assert.Equal((1, 1), (shelf.Level("high"), shelf.Level("low")));
        Assert.Equal(1, shelf.Show("noisy"));
        Assert.Equal([("m365", 1), ("windows", 1)], shelf.Tree.Select(branch => (branch.Key, branch.Count)));
        Assert.Equal("windows/process_creation", Assert.Single(shelf.Tree.Single(branch => branch.Key == "windows").Branches).Key);
    }

    [Fact]
    public void Shelf_ByTactic_FollowsTheOrderOfAttackAndReadsBothSpellings()
    {
        RuleRow[] rows =
        [
            Row("A", "linux/*/*", "high", RuleStage.Live, ["attack.credential_access"]),
            Row("B", "linux/*/*", "high", RuleStage.Live, ["attack.credential-access", "attack.execution"]),
            Row("C", "linux/*/*", "high", RuleStage.Live, ["attack.t1110"]),
        ];
        var shelf = new RuleShelf(rows, new Dictionary<string, long>(), new ShelfAddress { By = "tactic", In = "credential-access" });

        Assert.Equal([("execution", 1), ("credential-access", 2), (RuleShelf.NoBranch, 1)], shelf.Tree.Select(branch => (branch.Key, branch.Count)));
        Assert.Equal((2, 3), (shelf.Total, shelf.Within));
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 50)]
    [InlineData(99, 50)]
    public void Shelf_OfManyRules_GivesAPage(int page, int expected)
    {
        var rows = Enumerable.Range(0, 250).Select(number => Row($"Rule {number:000}", "windows/*/*", "high", RuleStage.Live, [])).ToList();
        var shelf = new RuleShelf(rows, new Dictionary<string, long>(), new ShelfAddress { Page = page });

        Assert.Equal((expected, 250, 3), (shelf.Rows.Count, shelf.Total, shelf.Pages));
    }

    [Fact]
    public void Probe_OfEventsInManyForms_SaysWhyEachDoesOrDoesNotMatch()
    {
        var rule = RuleHouse.Rule(Guid.NewGuid().ToString(), 4625);
        var lines = string.Join('\n', RuleHouse.Event(4625, "amira"), "", RuleHouse.Event(4624, "amira"), """{"Operation":"x"}""");
        var result = RuleProbe.Run(rule, [], [], Kent, lines, Now);

        Assert.Equal(
            [(1, ProbeVerdict.Matches), (3, ProbeVerdict.Misses), (4, ProbeVerdict.OtherSource)], result.Lines.Select(line => (line.Number, line.Verdict)));
        Assert.Equal("EventID", Assert.Single(result.Lines[0].Parts).Field);
        Assert.Equal("EventID is the number 4625", Assert.Single(result.Lines[1].Unmet));
        Assert.Equal(1, RuleProbe.Run(rule, [], [], Kent, $"[\n{RuleHouse.Event(4625, "a")},\n{RuleHouse.Event(4624, "b")}]", Now).Matches);
        Assert.Equal(1, RuleProbe.Run(rule, [], [], Kent, "{\n\"Channel\": \"Security\",\n\"EventID\": 4625\n}", Now).Matches);
    }

    [Fact]
    public void Probe_OfACorrelation_SaysHowOftenItFires()
    {
        var text = """
            title: Failed sign-in
            name: failed
            level: informational
            logsource: {product: windows, service: security}
            detection:
              selection: {EventID: 4625}
              condition: selection
            ---
            title: Many failed sign-ins
            id: 5d3f3c1e-34f0-4f7f-8a94-94a6a7a3c5f2
            level: high
            correlation:
              type: event_count
              rules: [failed]
              group-by: [TargetUserName]
              timespan: 10m
              condition: {gte: 3}
            """;
        var events = string.Join('\n', Enumerable.Range(0, 3).Select(minute => RuleHouse.Event(4625, "amira", $"2026-11-20T09:0{minute}:00Z")));

        Assert.Equal(1, RuleProbe.Run(text, [], [], Kent, events, Now).Firings);
        Assert.Equal(0, RuleProbe.Run(text, [], [], Kent, RuleHouse.Event(4625, "amira"), Now).Firings);
        Assert.Null(RuleProbe.Run(RuleHouse.Rule(Guid.NewGuid().ToString(), 1), [], [], Kent, events, Now).Firings);
        Assert.Equal("It fires when the number of matches of its rule is 3 or more, with the same TargetUserName within 10 min.",
            RuleStory.Of(text, []).Correlation);
    }

    [Fact]
    public void Probe_WithAValueList_TakesTheForcesOwnBeforeTheCentres()
    {
        var rule = """
            title: Known account
            id: 5d3f3c1e-34f0-4f7f-8a94-94a6a7a3c5f3
            level: high
            logsource: {product: windows, service: security}
            detection:
              selection: {TargetUserName|expand: '%accounts%'}
              condition: selection
            """;
        UnitList[] lists = [new(ForceId.Centre, "accounts", ["centre"]), new(Kent, "accounts", ["amira"])];

        Assert.Equal(1, RuleProbe.Run(rule, [], lists, Kent, RuleHouse.Event(4625, "amira"), Now).Matches);
        Assert.Equal(0, RuleProbe.Run(rule, [], lists, Kent, RuleHouse.Event(4625, "centre"), Now).Matches);
        Assert.Equal(["accounts"], RuleProbe.Run(rule, [], [], Kent, RuleHouse.Event(4625, "amira"), Now).MissingLists);
    }

    [Fact]
    public void RuleId_New_IsOfVersionFourAndItsVariant()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => RuleId.New()).ToList();

        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
    }

    [Fact]
    public void Probe_OfARuleThatCannotBeRead_TellsTheFault() =>
        Assert.Equal(1, RuleProbe.Run("title: nothing", [], [], Kent, "{}", Now).Fault?.Line);

    [Theory]
    [InlineData("security process_creation", "SecurityEvent")]
    [InlineData("windows system", "Event")]
    [InlineData("defender DeviceProcessEvents in Sentinel", "DeviceProcessEvents")]
    [InlineData("sshd", "Syslog")]
    [InlineData("unified audit log of Exchange", "OfficeActivity")]
    [InlineData("zeek ssl by _path", "Watchhouse_CL")]
    public void Table_OfAnEntry_IsThatInWhichItsEventsAreArchived(string entry, string table) =>
        Assert.Equal(table, SourceTables.Of(LogSourceMap.Default.Entries.First(each => each.Name == entry)));

    [Fact]
    public void Tables_OfTheLogSourceTable_TellKindsOfMostOfIt()
    {
        var entries = LogSourceMap.Default.Entries;
        var mute = entries.Where(entry => !SourceTables.Tells(SourceTables.Of(entry))).Select(entry => entry.Name).ToList();

        Assert.True(mute.Count * 2 < entries.Count, $"{mute.Count} of {entries.Count}: {string.Join(", ", mute)}");
    }

    private static RuleRow Row(string title, string source, string level, RuleStage state, string[] tags) => new(
        Guid.NewGuid(), ForceId.Centre, title, title, level, source, tags, state, RuleOrigin.Hand, "", 1, 0, Now, "Somebody", [], false, false, null);
}
