namespace Watchhouse.Sigma.Tests;

public sealed class DocumentTests
{
    [Theory]
    [InlineData("title: t\nlogsource: {product: a}\ndetection: {s: {A: 1}, s: {A: 2}, condition: s}", 3, "stands twice")]
    [InlineData("title: t\nlogsource: {product: a}\nlogsource: {product: b}\ndetection: {s: {A: 1}, condition: s}", 3, "stands twice")]
    [InlineData("title: t\nlogsource: {product: a}", 1, "neither detection, correlation nor filter")]
    [InlineData("title: t\nlogsource: {product: a}\ndetection: {s: {A: 1}, condition: s}\ncorrelation: {type: temporal}", 1, "detection and correlation")]
    [InlineData("logsource: {product: a}\ndetection: {s: {A: 1}, condition: s}", 1, "no title")]
    [InlineData("title: t\ndetection: {s: {A: 1}, condition: s}", 1, "no logsource")]
    [InlineData("title: t\nlogsource: {product: a}\ndetection: {s: {A: 1}}", 3, "no condition")]
    [InlineData("title: t\nlogsource: {product: a}\nlevel: urgent\ndetection: {s: {A: 1}, condition: s}", 3, "level 'urgent' is unknown")]
    [InlineData("title: t\nlogsource: {product: a}\ndetection: {s: {}, condition: s}", 3, "'s' is empty")]
    [InlineData("- a\n- b", 1, "is a map of keys")]
    [InlineData("title: [\n", 1, "not YAML")]
    [InlineData("title: t\nx: *gone\n", 2, "no anchor")]
    public void Parse_DocumentThatCannotBeUsed_ReportHasLineAndReason(string yaml, int line, string reason)
    {
        var report = RuleTexts.Rejected(yaml);

        Assert.Contains(reason, report.Reason);
        Assert.InRange(report.Line, line, line + 2);
        Assert.Equal("t.yml", report.File);
    }

    [Fact]
    public void Parse_OneBadDocumentOfThree_TheOthersLoad()
    {
        var good = RuleTexts.Items("A: 1");
        var set = SigmaLoader.Parse($"{good}---\ntitle: bad\nlogsource: {{product: a}}\ndetection: {{s: {{A|oops: 1}}, condition: s}}\n---\n{good}", "t.yml");

        Assert.Equal([RuleState.Live, RuleState.Rejected, RuleState.Live], set.Reports.Select(report => report.State));
        Assert.Equal("bad", set.Reports[1].Title);
        Assert.Equal(10, set.Reports[1].Line);
    }

    [Fact]
    public void Parse_UnknownKeysAndMetadata_Kept()
    {
        var rule = RuleTexts.Read("""
            title: t
            id: 929a690e-bef0-4204-a928-ef5e620d6fcc
            name: n
            status: test
            date: 2024-05-06
            modified: 2024/05/07
            tags: [attack.t1059]
            level: high
            house_owner: yes
            simulation: {type: atomic}
            logsource: {product: Windows, category: process_creation, definition: some text}
            detection: {s: {A: 1}, condition: s, timeframe: 5m}
            """);

        Assert.Equal(("2024-05-06", "2024/05/07", "yes", SigmaLevel.High), (rule.Date, rule.Modified, rule.Custom["house_owner"], rule.Level));
        Assert.Equal(new SigmaLogSource("windows", "process_creation", null), rule.LogSource);
    }

    [Fact]
    public void Parse_SameIdTwice_SecondRejectedAndFirstNamed()
    {
        var rule = "title: t\nid: same\nlogsource: {product: a}\ndetection: {s: {A: 1}, condition: s}\n";
        var set = SigmaLoader.Parse([(rule, "a.yml"), (rule, "b.yml")]);

        Assert.Single(set.Rules);
        Assert.Contains("a.yml:1", set.Reports[1].Reason);
    }

    [Fact]
    public void Parse_RuleCollectionOfOldSigma_GlobalResetAndRepeat()
    {
        var set = SigmaLoader.Parse("""
            action: global
            title: shared
            level: high
            detection: {condition: s}
            ---
            logsource: {product: a}
            detection: {s: {A: 1}}
            ---
            action: repeat
            logsource: {product: b}
            ---
            action: reset
            ---
            title: own
            logsource: {product: c}
            detection: {s: {A: 1}, condition: s}
            """, "t.yml");

        Assert.All(set.Reports, report => Assert.True(report.State == RuleState.Live, report.Reason));
        Assert.Equal(["shared a High", "shared b High", "own c Informational"], set.Rules.Select(rule => $"{rule.Title} {rule.LogSource.Product} {rule.Level}"));
    }

    [Theory]
    [InlineData("rules-placeholder/", 23)]
    [InlineData("rules-compliance/", 3)]
    [InlineData("unsupported/", 87)]
    [InlineData("deprecated/", 172)]
    public void Parse_OtherPublishedFolders_EveryDocumentHasAReport(string folder, int files)
    {
        var texts = SigmaHq.Files(folder).ToList();
        var set = SigmaLoader.Parse(texts);

        Assert.Equal(files, texts.Count);
        Assert.Equal(files, set.Reports.Select(report => report.File).Distinct().Count());
        Assert.All(set.Reports, report => Assert.True(report.State == RuleState.Live || report.Reason is { Length: > 20 }, report.File));
        Assert.Equal(set.Rules.Count, set.Reports.Count(report => report.State == RuleState.Live));
        // Withdrawn rules are read as any other; what makes them unsupported is the pipe, or custom fields.
        if (folder is "deprecated/" or "rules-compliance/") Assert.DoesNotContain(set.Reports, report => report.State == RuleState.Rejected && report.Reason!.Contains("not YAML"));
    }
}
