namespace Watchhouse.Sigma.Tests;

public sealed class NationalDetectionTests
{
    [Fact]
    public void Load_AllNationalRules_LiveAndOfAnArrivingSource()
    {
        Assert.True(NationalPack.Files.Count >= 40, $"There are {NationalPack.Files.Count} files.");
        Assert.All(NationalPack.Set.Reports, report => Assert.True(report.State == RuleState.Live, $"{report.File}:{report.Line}: {report.Reason}"));
        Assert.All(NationalPack.Set.Rules, rule => Assert.True(LogSourceMap.Default.CanArrive(rule.LogSource), $"{rule.Title}: {rule.LogSource}"));
        Assert.True(NationalPack.Set.Correlations.Count >= 6);
    }

    [Fact]
    public void Load_WithoutValueLists_OnlyRulesThatNeedOneAreLeftOut()
    {
        var set = SigmaLoader.Load([NationalPack.Folder]);

        var left = set.Reports.Where(report => report.State != RuleState.Live).ToList();
        Assert.All(left, report => Assert.Equal(RuleState.PlaceholderMissing, report.State));
        var needing = NationalPack.Set.Rules.Where(rule => rule.Placeholders.Count > 0).Select(rule => rule.Id).Order();
        Assert.Equal(needing, left.Select(report => report.Id).Order());
    }

    [Fact]
    public void Load_FolderWithEvents_EventsAreNeitherRulesNorRejected()
    {
        var files = Directory.EnumerateFiles(NationalPack.Folder, "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

        Assert.Equal(files, NationalPack.Set.Reports.Select(report => report.File).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Detect_MatchEvents_TheirRuleAndThoseNamedBesideIt()
    {
        var wrong = new List<string>();
        foreach (var file in NationalPack.Files)
        {
            foreach (var each in file.Events.Match)
            {
                var intended = Intended(file, each);
                var expected = each.Also.SelectMany(other => NationalPack.Files.Single(found => found.Path == other).Rules).Append(intended).Select(rule => rule.Id);
                var found = NationalPack.Matches(each.Record);
                var text = $"{file.Path}, {each.What}";
                if (!found.Contains(intended)) wrong.Add($"{text}: does not match");
                // Rules that only feed correlations report nothing by themselves.
                wrong.AddRange(found.Where(rule => rule.Level > SigmaLevel.Informational && !expected.Contains(rule.Id))
                    .Select(rule => $"{text}: {NationalPack.NameOf(rule.File)} matches too"));
                wrong.AddRange(each.Also.Where(other => !found.Any(rule => NationalPack.NameOf(rule.File) == other)).Select(other => $"{text}: {other} does not match"));
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Detect_NoMatchEvents_NotTheirRule()
    {
        var wrong = NationalPack.Files.SelectMany(file => file.Events.NoMatch
            .Where(each => NationalPack.Matches(each.Record).Contains(Intended(file, each)))
            .Select(each => $"{file.Path}, {each.What}: matches"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Detect_NoMatchEvents_AreOfTheRulesOwnSource()
    {
        // A near miss that does not even arrive would prove nothing: a rule of the same source for anything must see it.
        var anything = new Dictionary<SigmaLogSource, SigmaDetector>();
        var wrong = new List<string>();
        foreach (var file in NationalPack.Files)
        {
            foreach (var each in file.Events.NoMatch)
            {
                var source = Intended(file, each).LogSource;
                if (!anything.TryGetValue(source, out var detector))
                {
                    var rule = Intended(file, each) with { Condition = new SigmaNot(new SigmaTest("NoSuchField", new ExistsMatch(true))) };
                    anything.Add(source, detector = SigmaDetector.Compile([rule], new() { LogSources = LogSourceMap.Default.Entries }));
                }

                NationalEvents.Parse([each.Record], record =>
                {
                    if (detector.CreateSession().Detect(record).Length == 0) wrong.Add($"{file.Path}, {each.What}: is not of {source}");
                });
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Correlate_FiringSequences_TheCorrelationOfTheFile()
    {
        var wrong = NationalPack.Files.SelectMany(file => file.Events.Fires
            .Where(sequence => !NationalPack.Fires(sequence.Records).Any(firing => firing.Correlation.Id == file.Main.Id))
            .Select(sequence => $"{file.Path}, {sequence.What}: does not fire"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Correlate_QuietSequences_MatchButDoNotFire()
    {
        var wrong = NationalPack.Files.SelectMany(file => file.Events.Quiet
            .Where(sequence => NationalPack.Fires(sequence.Records).Any(firing => firing.Correlation.Id == file.Main.Id))
            .Select(sequence => $"{file.Path}, {sequence.What}: fires"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Correlate_QuietSequences_AtLeastOneOfAFileReachesItsRules()
    {
        var wrong = NationalPack.Files.Where(file => file.Main is SigmaCorrelation).Where(file => !file.Events.Quiet
            .Any(sequence => sequence.Records.Any(record => NationalPack.Matches(record).Any(rule => rule.File == file.Main.File))));

        Assert.Empty(wrong.Select(file => file.Path));
    }

    [Fact]
    public void Correlate_FiringSequences_EveryRuleOfTheFileTakesPart()
    {
        var wrong = new List<string>();
        foreach (var file in NationalPack.Files.Where(file => file.Main is SigmaCorrelation))
        {
            var seen = file.Events.Fires.SelectMany(sequence => sequence.Records).SelectMany(NationalPack.Matches).Select(rule => rule.Id).ToHashSet();
            wrong.AddRange(file.Rules.Where(rule => !seen.Contains(rule.Id)).Select(rule => $"{file.Path}: {rule.Name}"));
        }

        Assert.Empty(wrong);
    }

    internal static SigmaRule Intended(NationalFile file, NationalEvent each) =>
        file.Rules.Single(rule => each.Rule is null ? file.Main is SigmaCorrelation || ReferenceEquals(rule, file.Main) : rule.Name == each.Rule);
}
