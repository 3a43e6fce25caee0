using System.Diagnostics;
using Watchhouse.Monitoring.Coverage;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Sigma;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Coverage;

public sealed class CoverageMatrixTests
{
    private static readonly AttackFacts Facts = AttackFacts.Read(Path.Combine(RepositoryRoot.Directory, "national"));
    private static readonly ForceId Kent = ForceId.Of("KNT");
    private static readonly ForceId Essex = ForceId.Of("ESX");

    [Fact]
    public void Facts_OfTheNation_AreWholeAndInOrder()
    {
        Assert.Equal((15, 222, 475), (Facts.Tactics.Count, Facts.Techniques.Count(each => each.Parent is null), Facts.Techniques.Count(each => each.Parent is not null)));
        Assert.Equal("T1685", Facts.Find("T1562.001")?.Id);
        Assert.Equal(["credential-access"], Facts.Find("t1110.003")?.Tactics);
        var unknown = new HashSet<string>();
        var named = Facts.Named(["attack.t1110.003", "attack.T1562", "attack.credential-access", "cve.2024-1", "attack.t9999", "attack.t1110.003", "attack.g0016"], unknown);
        Assert.Equal(["T1110.003", "T1685"], named.Select(each => each.Id));
        Assert.Equal(["T9999"], unknown);
    }

    [Theory]
    [InlineData("T1,Name,execution\nT1,Again,execution", "line 3: T1 stands there twice.")]
    [InlineData("T1.001,Name,execution", "line 2: T1.001 comes before T1")]
    [InlineData("T1,Name,nowhere", "line 2: T1 has a tactic that")]
    [InlineData("T1,Name", "line 2: A row has 3 columns")]
    public void Facts_ThatAreWrong_SayTheLine(string rows, string message)
    {
        using var directory = new TempDirectory();
        var attack = Directory.CreateDirectory(Path.Combine(directory.FullName, "attack")).FullName;
        File.WriteAllText(Path.Combine(attack, "tactics.csv"), "id,tag,name\nTA0002,execution,Execution\n");
        File.WriteAllText(Path.Combine(attack, "techniques.csv"), "id,name,tactics\n" + rows);
        File.WriteAllText(Path.Combine(attack, "moved.csv"), "id,now\n");

        var wrong = Assert.Throws<FormatException>(() => AttackFacts.Read(directory.FullName));

        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Technique_IsCovered_OnlyWhereALiveRuleReadsWhatArrives()
    {
        var index = Index(Unit("T1110.003", "windows", "security"), Unit("T1059.001", "windows", "powershell"), Unit("T1136.003", "azure", "auditlogs", isTesting: true));
        var matrix = Matrix(index, (Kent, ["Security"]), (Essex, ["Azure"]));

        var found = matrix.Techniques().ToDictionary(each => each.Id);
        Assert.Equal((CoverageState.Partly, 1, 1, 1), (found["T1110.003"].State, found["T1110.003"].Forces, found["T1110.003"].LiveRules, found["T1110.003"].FedRules));
        // A rule about a part is one about the whole.
        Assert.Equal((CoverageState.Partly, 4, 1), (found["T1110"].State, found["T1110"].SubTechniques, found["T1110"].CoveredSubTechniques));
        Assert.Equal(CoverageState.RulesOnly, found["T1059.001"].State);
        Assert.Equal((CoverageState.DataOnly, 0, 1), (found["T1136.003"].State, found["T1136.003"].LiveRules, found["T1136.003"].TestingRules));
        Assert.Equal(CoverageState.Nothing, found["T1486"].State);
        Assert.Equal((2, 1), (matrix.LiveRules, matrix.FedRules));
        Assert.Equal(CoverageState.Covered, Matrix(index, (Kent, ["Security"])).Techniques().First(each => each.Id == "T1110").State);
        Assert.Equal([Kent], matrix.ForcesOf("T1110", covered: true));
        Assert.Equal([Essex], matrix.ForcesOf("T1110", covered: false));
    }

    [Fact]
    public void Unlocking_NamesTheSourceThatMostRulesWaitFor()
    {
        var index = Index(
            Unit("T1110.003", "windows", "security"), Unit("T1059.001", "windows", "powershell"), Unit("T1059.003", "windows", "powershell"),
            Unit("T1059.004", "nowhere", "nothing"));
        var matrix = Matrix(index, (Kent, ["Security"]), (Essex, []));

        var waiting = matrix.Unlocking(10);

        Assert.Equal(["Windows: powershell", "Windows: security"], waiting.Select(each => each.Name));
        Assert.Equal((2, 2, 3), (waiting[0].Rules, waiting[0].Forces, waiting[0].Techniques));
        Assert.Equal((1, 1, 2), (waiting[1].Rules, waiting[1].Forces, waiting[1].Techniques));
        Assert.NotEmpty(waiting[0].Entries);
        // Where nothing can bring it, nothing unlocks it; the part cuts the rules.
        Assert.Equal(CoverageState.RulesOnly, matrix.Techniques().First(each => each.Id == "T1059.004").State);
        Assert.Empty(new CoverageMatrix(index, Facts, [], "microsoft").Unlocking(10));
        Assert.Equal("Windows: powershell", Assert.Single(matrix.Unlocking(10, "T1059")).Name);
    }

    [Fact]
    public void Rule_OfOneForce_CoversThatForceAlone()
    {
        var own = Unit("T1110.003", "windows", "security") with { Owner = Kent };
        var matrix = Matrix(Index(own), (Kent, ["Security"]), (Essex, ["Security"]));

        Assert.Equal([Kent], matrix.ForcesOf("T1110.003", covered: true));
        Assert.Equal("live", Assert.Single(matrix.RulesOf("T1110")).State);
    }

    [Fact]
    public void Correlation_InTime_NeedsEverySourceThatItLooksAt()
    {
        const string Text = """
            title: First
            name: first
            logsource: {product: windows, service: security}
            detection: {selection: {EventID: 1}, condition: selection}
            ---
            title: Second
            name: second
            logsource: {product: azure, service: auditlogs}
            detection: {selection: {OperationName: x}, condition: selection}
            ---
            title: Both
            id: 7d9c0c1e-0001-4000-8000-000000000001
            level: high
            tags: [attack.t1110.003]
            correlation: {type: temporal, rules: [first, second], group-by: [User], timespan: 5m}
            """;
        var index = Index(new RuleUnit(Guid.NewGuid(), ForceId.Centre, false, ["first", "second", "7d9c0c1e-0001-4000-8000-000000000001"], [], Text));

        Assert.Equal(CoverageState.RulesOnly, Matrix(index, (Kent, ["Security"])).Techniques().First(each => each.Id == "T1110.003").State);
        Assert.Equal(CoverageState.Covered, Matrix(index, (Kent, ["Security", "Azure"])).Techniques().First(each => each.Id == "T1110.003").State);
        Assert.StartsWith("Entra ID and Azure", Assert.Single(Matrix(index, (Kent, ["Security"])).Unlocking(5)).Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_OfAllPublicRulesAndAllForces_IsReckonedWhileOneWaits()
    {
        var archive = SharedData.Path("detection/rules/sigmahq-8eaafff.tar.gz");
        var texts = RuleTexts.Of(archive, "rules/", "rules-emerging-threats/", "rules-threat-hunting/");
        var units = texts.Select(text => new RuleUnit(Guid.NewGuid(), ForceId.Centre, false, [], [], text)).ToList();
        var program = RuleProgramBuilder.Build(units, [], []);
        var started = Stopwatch.GetTimestamp();
        var index = CoverageRules.Of(program, Facts, LogSourceMap.Default);
        var indexed = Stopwatch.GetElapsedTime(started);
        // Each force brings other sources than the next.
        var forces = Enumerable.Range(0, 43).Select(number => (ForceId.Of($"F{(char)('A' + (number / 26))}{(char)('A' + (number % 26))}"), Entries: index.NewSet())).ToList();
        foreach (var (number, force) in forces.Index())
        {
            for (var place = number; place < index.EntryNames.Count; place += 11) force.Entries.Add(place);
        }

        started = Stopwatch.GetTimestamp();
        var matrix = new CoverageMatrix(index, Facts, [.. forces.Select(force => new ForceArrivals(force.Item1, force.Entries))], null);
        var techniques = matrix.Techniques();
        var waiting = matrix.Unlocking(15);
        var reckoned = Stopwatch.GetElapsedTime(started);

        TestContext.Current.SendDiagnosticMessage(
            $"{program.Rules} rules, {index.Rules.Count} with techniques: index {indexed.TotalMilliseconds:0} ms, 43 forces {reckoned.TotalMilliseconds:0} ms.");
        Assert.Empty(index.UnknownTags);
        Assert.True(matrix.LiveRules > 3_000, $"{matrix.LiveRules}");
        Assert.True(techniques.Count(each => each.State is CoverageState.Partly or CoverageState.Covered) > 200);
        Assert.Equal(15, waiting.Count);
        // Busy machines are slow; a second would be felt.
        Assert.True(reckoned < TimeSpan.FromSeconds(5), $"{reckoned}");
    }

    [Fact]
    public void Layer_ForTheNavigator_HasATechniqueForEachOfItsTactics()
    {
        var index = Index(Unit("T1078.004", "windows", "security"));
        var matrix = Matrix(index, (Kent, ["Security"]));
        var answer = new CoverageAnswer("19", 1, null, Kent, 1, 1, 1, 1, 0, [], Facts.Tactics, matrix.Techniques(), [], []);

        var layer = NavigatorLayer.Of(answer, "Kent");

        Assert.Equal(("enterprise-attack", "4.5"), (layer.Domain, layer.Versions.Layer));
        Assert.Equal(8, layer.Techniques.Count);
        Assert.All(layer.Techniques, each => Assert.Equal(100, each.Score));
        Assert.Contains(layer.Techniques, each => each is { TechniqueId: "T1078.004", Tactic: "initial-access" });
        var json = System.Text.Json.JsonSerializer.Serialize(layer, System.Text.Json.JsonSerializerOptions.Web);
        Assert.Contains("\"techniqueID\":\"T1078.004\"", json, StringComparison.Ordinal);
    }

    private static RuleUnit Unit(string technique, string product, string service, bool isTesting = false)
    {
        var id = Guid.NewGuid();
        return new(Guid.NewGuid(), ForceId.Centre, isTesting, [id.ToString()], [], $$"""
            title: A rule about {{technique}}
            id: {{id}}
            level: high
            tags: [attack.{{technique.ToLowerInvariant()}}]
            logsource: {product: {{product}}, service: {{service}}}
            detection: {selection: {Something: x}, condition: selection}
            """);
    }

    private static CoverageRules Index(params RuleUnit[] units) => CoverageRules.Of(RuleProgramBuilder.Build(units, [], []), Facts, LogSourceMap.Default);

    // By what the entry's log sources are: windows/security, or azure/auditlogs.
    private static CoverageMatrix Matrix(CoverageRules index, params (ForceId Force, string[] Arrived)[] forces) => new(index, Facts, [.. forces.Select(force =>
    {
        var set = index.NewSet();
        for (var place = 0; place < LogSourceMap.Default.Entries.Count; place++)
        {
            var sources = LogSourceMap.Default.Entries[place].Sources;
            if (force.Arrived.Contains("Security") && sources.Any(source => source is { Product: "windows", Service: "security", Category: null })) set.Add(place);
            if (force.Arrived.Contains("Azure") && sources.Any(source => source is { Product: "azure", Service: "auditlogs" })) set.Add(place);
        }

        return new ForceArrivals(force.Force, set);
    })], null);
}
