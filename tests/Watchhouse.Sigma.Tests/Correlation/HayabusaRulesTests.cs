using System.Formats.Tar;
using System.IO.Compression;
using System.Globalization;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

/// <summary>The published correlation rules, read in place.</summary>
public sealed class HayabusaRulesTests
{
    private static SigmaRuleSet Rules()
    {
        var texts = new List<(string, string)>();
        using var tar = new TarReader(new GZipStream(File.OpenRead(SharedData.Path("detection/rules/hayabusa-correlation-rules.tar.gz")), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".yml", StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(entry.DataStream);
            texts.Add((reader.ReadToEnd(), entry.Name));
        }

        return SigmaLoader.Parse(texts);
    }

    [Fact]
    public void Parse_ThreeCorrelationRules_LiveWithTheRulesTheyLookAt()
    {
        var set = Rules();

        Assert.All(set.Reports, report => Assert.True(report.State == RuleState.Live, $"{report.File}:{report.Line} {report.Reason}"));
        Assert.Equal(
            [CorrelationType.EventCount, CorrelationType.ValueCount, CorrelationType.ValueCount], set.Correlations.Select(each => each.Type).Order());
        Assert.All(RuleCoverage.Reports(set, LogSourceMap.Default), report => Assert.Equal(RuleState.Live, report.State));
    }

    [Fact]
    public void Observe_GuessedUserNames_FiresAtTheFourthName()
    {
        var set = Rules();
        var streams = Streams.Of(set);
        var guessing = set.Correlations.Single(each => each.Id == "0ae09af3-f30f-47c2-a31c-83e0b918eeee");
        var fired = Enumerable.Range(0, 6).Where(at => streams.Feed($$"""
            {"Channel": "Security", "EventID": 4625, "SubStatus": "0xc0000064", "IpAddress": "10.0.0.9", "LogonType": 3, "TargetDomainName": "D", "ProcessName": "-",
             "LogonProcessName": "NtLmSsp", "WorkstationName": "W", "TargetUserName": "name{{at}}", "@timestamp": "2025-01-01T00:0{{(at / 2).ToString(CultureInfo.InvariantCulture)}}:00Z"}
            """).Exists(firing => ReferenceEquals(firing.Correlation, guessing))).ToArray();

        Assert.Equal([3], fired);
    }
}
