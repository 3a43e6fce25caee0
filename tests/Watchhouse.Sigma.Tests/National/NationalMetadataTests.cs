using System.Text.Json;
using System.Text.RegularExpressions;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

public sealed partial class NationalMetadataTests
{
    [Fact]
    public void Files_EachHasWhatAnAnalystNeeds()
    {
        var wrong = new List<string>();
        foreach (var file in NationalPack.Files)
        {
            var main = file.Main;
            void Need(bool holds, string what)
            {
                if (!holds) wrong.Add($"{file.Path}: {what}");
            }

            Need(main.Level > SigmaLevel.Informational, "no level");
            Need(main.Status is "test" or "experimental" or "stable", "no status");
            Need(main.Author == "Watchhouse", "no author");
            Need(main.Description?.Length > 80, "the description is short");
            Need(main.FalsePositives.Count > 0, "no false positives");
            Need(main.References.Any(reference => reference.StartsWith("https://learn.microsoft.com/en-us/", StringComparison.Ordinal)), "no documentation of Microsoft");
            Need(main.References.Any(reference => reference.StartsWith("https://attack.mitre.org/techniques/", StringComparison.Ordinal)), "no page of ATT&CK");
            Need(main.Custom.TryGetValue("recommendation", out var steps) && steps.Split('\n').Count(line => Step().IsMatch(line)) >= 2, "no recommendation in steps");
            Need(main.Tags.Any(tag => Technique().IsMatch(tag)), "no technique");
            Need(main.Tags.Any(tag => Tactics.Contains(tag)), "no tactic");
            Need(main.Tags.All(tag => Technique().IsMatch(tag) || Tactics.Contains(tag)), "an unknown tag");
            foreach (var document in file.Documents.SkipLast(1))
            {
                Need(document.Level == SigmaLevel.Informational, $"'{document.Title}' feeds a correlation and has a level of its own");
                Need(document.Name is not null && document.Description is not null && document.Tags.Count > 0, $"'{document.Title}' lacks name, description or tags");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Events_EachFileHasBothKindsAndSeveralShapes()
    {
        var wrong = new List<string>();
        foreach (var file in NationalPack.Files)
        {
            var events = file.Events;
            void Need(bool holds, string what)
            {
                if (!holds) wrong.Add($"{file.Path}: {what}");
            }

            Need(events.Note.Contains("Demonstration data", StringComparison.Ordinal), "the events are not labelled as demonstration data");
            if (file.Main is SigmaCorrelation) Need(events.Fires.Count > 0 && events.Quiet.Count > 0, "no sequence that fires, or none that does not");
            else Need(events.Match.Count > 0 && events.NoMatch.Count > 0, "no event that matches, or none that must not");
            if (file.Main is SigmaRule) Need(events.OneShapeBecause is not null || events.Match.Select(each => each.What.Split(" (")[0]).Distinct().Count() > 1, "one shape only");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Events_HoldOnlyArtificialNamesAndAddresses()
    {
        var wrong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(NationalPack.Folder, "*.events.json", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            wrong.AddRange(Address().Matches(text).Select(match => match.Value)
                .Where(address => !IsForDocumentation(address)).Select(address => $"{NationalPack.NameOf(path)}: {address}"));
            wrong.AddRange(Mail().Matches(text).Select(match => match.Groups[1].Value)
                .Where(domain => !domain.EndsWith(".example", StringComparison.OrdinalIgnoreCase) && domain is not ("example.police.uk" or "demo.cjsm.net" or "agency.gov.uk"))
                .Select(domain => $"{NationalPack.NameOf(path)}: {domain}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Ids_AreRandomUuidsAndUnique()
    {
        var ids = NationalPack.Files.SelectMany(file => file.Documents).Select(document => document.Id).ToList();

        Assert.All(ids, id => Assert.True(Guid.TryParse(id, out var parsed) && parsed.Version == 4, id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Ids_AndTitlesAreNotThoseOfSigmaHq()
    {
        var published = SigmaHq.Files("").Select(file => Id().Match(file.Text).Groups[1].Value).ToHashSet();
        var titles = SigmaHq.RuleSet.Rules.Select(rule => rule.Title).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.True(published.Count > 3_000);

        Assert.DoesNotContain(NationalPack.Files.SelectMany(file => file.Documents), document => published.Contains(document.Id!) || titles.Contains(document.Title));
    }

    [Fact]
    public void Tags_NameTechniquesThatAreKnown()
    {
        var known = SigmaHq.Files("").SelectMany(file => Technique().Matches(file.Text)).Select(match => match.Groups[1].Value.ToUpperInvariant()).ToHashSet();
        using var bundle = JsonDocument.Parse(File.ReadAllText(SharedData.Path("stix/attack/enterprise-subset-a-stix20.json")));
        foreach (var item in bundle.RootElement.GetProperty("objects").EnumerateArray().Where(item => item.GetProperty("type").ValueEquals("attack-pattern")))
            known.UnionWith(item.GetProperty("external_references").EnumerateArray().Where(each => each.TryGetProperty("external_id", out _)).Select(each => each.GetProperty("external_id").GetString()!));

        // In ATT&CK, but neither in that part of it nor in the tags of published rules: additional email delegate permissions,
        // SharePoint, data from cloud storage, cloud administration command.
        known.UnionWith(["T1098.002", "T1213.002", "T1530", "T1651"]);
        var used = NationalPack.Files.SelectMany(file => file.Documents).SelectMany(document => document.Tags)
            .Select(tag => Technique().Match(tag)).Where(match => match.Success).Select(match => match.Groups[1].Value.ToUpperInvariant()).Distinct();

        Assert.Empty(used.Except(known));
    }

    [Fact]
    public void Readme_TableIsComplete()
    {
        var rows = File.ReadLines(Path.Combine(NationalPack.Folder, "README.md")).Where(line => line.StartsWith("| [", StringComparison.Ordinal)).ToHashSet();

        Assert.Equal(NationalPack.Files.Select(Row).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static string Row(NationalFile file)
    {
        var techniques = file.Main.Tags.Select(tag => Technique().Match(tag)).Where(match => match.Success).Select(match => match.Groups[1].Value.ToUpperInvariant());
        var kind = file.Main is SigmaCorrelation correlation ? Words(correlation.Type) : "event";
        return $"| [{file.Main.Title}]({file.Path}.yml) | {file.Main.Level.ToString().ToLowerInvariant()} | {string.Join(", ", techniques)} | {kind} |";
    }

    private static string Words(CorrelationType type) => type switch
    {
        CorrelationType.EventCount => "number of events",
        CorrelationType.ValueCount => "number of values",
        CorrelationType.TemporalOrdered => "in this order",
        _ => type.ToString(),
    };

    private static bool IsForDocumentation(string address) =>
        address.StartsWith("192.0.2.", StringComparison.Ordinal) || address.StartsWith("198.51.100.", StringComparison.Ordinal)
        || address.StartsWith("203.0.113.", StringComparison.Ordinal)
        // The computer itself is nobody's.
        || address == "127.0.0.1"
        // Versions of browsers and programs are four numbers too.
        || Version().IsMatch(address);

    private static readonly HashSet<string> Tactics =
    [
        "attack.initial-access", "attack.execution", "attack.persistence", "attack.privilege-escalation", "attack.stealth", "attack.defense-impairment",
        "attack.credential-access", "attack.discovery", "attack.lateral-movement", "attack.collection", "attack.exfiltration", "attack.impact",
    ];

    [GeneratedRegex(@"attack\.(t\d{4}(?:\.\d{3})?)\b")]
    private static partial Regex Technique();

    [GeneratedRegex(@"^\d+\. \S")]
    private static partial Regex Step();

    [GeneratedRegex(@"(?m)^id: '?([0-9a-f-]{36})")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"^(?:140\.0\.0\.0|15\.20\.\d+\.\d+|0\.0\.0\.0)$")]
    private static partial Regex Version();

    [GeneratedRegex(@"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")]
    private static partial Regex Mail();
}
