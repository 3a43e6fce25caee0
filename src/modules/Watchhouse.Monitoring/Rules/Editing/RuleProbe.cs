using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Explaining;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules.Editing;

/// <summary>What a rule makes of a pasted event.</summary>
internal enum ProbeVerdict
{
    /// <summary>It is met.</summary>
    Matches,

    /// <summary>The event is of its log source and does not meet it.</summary>
    Misses,

    /// <summary>The event is not of its log source, so it is not asked at all.</summary>
    OtherSource,

    /// <summary>No event can be made of the line.</summary>
    Unreadable,
}

/// <summary>A pasted line and what the rule makes of it.</summary>
/// <param name="Number">Its line, from 1.</param>
/// <param name="Parts">What of it met the rule.</param>
/// <param name="Unmet">Tests of the rule that it does not meet, in words; of some, one is enough.</param>
internal sealed record ProbeLine(int Number, ProbeVerdict Verdict, string Raw, IReadOnlyList<MatchedPart> Parts, IReadOnlyList<string> Unmet);

/// <summary>What a rule makes of pasted events.</summary>
/// <param name="Fault">Why the rule cannot be tried; null otherwise.</param>
/// <param name="Firings">How often a correlation would fire; null for a text without one.</param>
/// <param name="MissingLists">Value lists that the rule needs and that there are not.</param>
/// <param name="Cut">Whether there were more events than are looked at.</param>
internal sealed record ProbeResult(
    RuleFault? Fault, IReadOnlyList<ProbeLine> Lines, int? Firings, IReadOnlyList<string> MissingLists, bool Cut)
{
    public int Matches => Lines.Count(line => line.Verdict == ProbeVerdict.Matches);
}

/// <summary>Tries a rule on events that a person pasted, by the engine that runs. Pure.</summary>
internal static class RuleProbe
{
    public const int MostLines = 200;
    public const int MostCharacters = 512 * 1024;
    private const int MostTests = 200;
    private const int MostUnmet = 6;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tries it.</summary>
    /// <param name="text">The rule's text.</param>
    /// <param name="around">Texts that it refers to.</param>
    /// <param name="lists">Value lists: the Centre's, and the force's own, which go before them.</param>
    /// <param name="home">The force as whose the events are taken.</param>
    /// <param name="events">One event a line.</param>
    /// <param name="now">The time of events that say none.</param>
    public static ProbeResult Run(string text, IReadOnlyList<string> around, IReadOnlyList<UnitList> lists, ForceId home, string events, DateTimeOffset now)
    {
        var (sheet, fault) = RuleText.Read(text, around);
        if (sheet is null) return new(fault, [], null, [], false);
        var values = lists.GroupBy(list => list.Name).ToDictionary(
            group => group.Key,
            group => (IReadOnlyList<string>)(group.FirstOrDefault(list => list.Owner == home) ?? group.First()).Values,
            StringComparer.Ordinal);
        var set = RuleText.Parse(text, around, values);
        var missing = sheet.Placeholders.Where(name => !values.ContainsKey(name)).ToList();
        var all = Lines(events);
        if (set.Rules.Count == 0)
            return new(new(1, "A filter by itself has nothing to match.", "Paste the rule that it is for into the same text."), [], null, missing, false);
        var looker = new Looker(set.Rules, now);
        var lines = all.Take(MostLines).Select(each => looker.Look(each.Number, each.Line)).ToList();
        int? firings = set.Correlations.Any(RuleText.IsOwn) ? Firings(text, around, sheet, lists, home, all.Take(MostLines).Select(each => each.Line), now) : null;
        return new(null, lines, firings, missing, all.Count > MostLines);
    }

    // What is copied from a portal is often an array, or one object laid out over many lines.
    private static List<(string Line, int Number)> Lines(string events)
    {
        if (events.AsSpan().Trim() is ['[' or '{', ..])
        {
            try
            {
                using var json = JsonDocument.Parse(events);
                return json.RootElement.ValueKind == JsonValueKind.Array
                    ? [.. json.RootElement.EnumerateArray().Select((each, at) => (JsonSerializer.Serialize(each, Plain), at + 1))]
                    : [(JsonSerializer.Serialize(json.RootElement, Plain), 1)];
            }
            catch (JsonException)
            {
                // One event a line, then.
            }
        }

        return [.. events.ReplaceLineEndings("\n").Split('\n').Select((line, at) => (line.Trim(), at + 1)).Where(each => each.Item1.Length > 0)];
    }

    private static int Firings(
        string text, IReadOnlyList<string> around, RuleSheet sheet, IReadOnlyList<UnitList> lists, ForceId home, IEnumerable<string> lines, DateTimeOffset now)
    {
        // Known to nobody but this program of rules.
        var itself = Place(0);
        var units = new List<RuleUnit> { new(itself, ForceId.Centre, false, sheet.Names, sheet.Placeholders, text) };
        foreach (var (other, at) in around.Select((other, at) => (other, at + 1)))
            if (RuleText.Read(other).Sheet is { } its) units.Add(new(Place(at), ForceId.Centre, false, its.Names, its.Placeholders, other));
        var detective = new Detective(RuleProgramBuilder.Build(units, lists, []));
        var harvest = new Harvest();
        detective.Look(new JournalBatch
        {
            Id = Guid.Empty,
            Owner = home.Value,
            Source = "pasted",
            ReceivedAt = now,
            Format = PayloadFormat.HecRaw,
            Count = 0,
            Payload = Encoding.UTF8.GetBytes(string.Join('\n', lines)),
        }, ExceptionBook.Empty, now, harvest);
        return harvest.Findings.Count(finding => finding.Rule is SigmaCorrelation && finding.Rule.File == itself.ToString());
    }

    private static Guid Place(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private sealed class Looker
    {
        private readonly MatchExplainer _explainer;
        private readonly PayloadEvents _events = new();
        private readonly DetectionSession _session;
        private readonly List<(SigmaRule Rule, SigmaTest Test)> _tests = [];
        private readonly Dictionary<SigmaTest, string> _words = [];
        private readonly DateTimeOffset _now;
        private readonly int _rules;

        public Looker(IReadOnlyList<SigmaRule> rules, DateTimeOffset now)
        {
            (_now, _rules) = (now, rules.Count);
            _explainer = new(rules);
            foreach (var rule in rules) _tests.AddRange(MatchExplainer.Affirmed(rule.Condition).Distinct().Take(MostTests).Select(test => (rule, test)));
            // Each rule without its condition says whether an event is of its log source at all.
            _session = SigmaDetector.Compile(
                [.. rules, .. rules.Select(rule => rule with { Condition = new SigmaAll([]) }), .. _tests.Select(each => each.Rule with { Condition = each.Test })],
                new() { LogSources = LogSourceMap.Default.Entries }).CreateSession();
        }

        public ProbeLine Look(int number, string line)
        {
            var met = new HashSet<int>();
            var isRead = false;
            _events.Read(line[0] == '{' ? PayloadFormat.Ndjson : PayloadFormat.HecRaw, Encoding.UTF8.GetBytes(line), _now, record =>
            {
                isRead = true;
                foreach (var rule in _session.Detect(record)) met.Add(rule);
            });
            if (!isRead) return new(number, ProbeVerdict.Unreadable, line, [], []);
            if (met.Any(rule => rule < _rules))
            {
                var evidence = new AlertEvidence(Guid.Empty, _now, "pasted", line, false, "", null, null);
                return new(number, ProbeVerdict.Matches, line, _explainer.Explain(evidence) ?? [], []);
            }

            var sources = Enumerable.Range(0, _rules).Where(rule => met.Contains(_rules + rule)).ToList();
            if (sources.Count == 0) return new(number, ProbeVerdict.OtherSource, line, [], []);
            var unmet = _tests.Select((each, at) => (each.Rule, each.Test, IsMet: met.Contains((2 * _rules) + at)))
                .Where(each => !each.IsMet).Select(each => Words(each.Rule, each.Test)).Distinct().Take(MostUnmet).ToList();
            return new(number, ProbeVerdict.Misses, line, [], unmet);
        }

        private string Words(SigmaRule rule, SigmaTest test)
        {
            if (!_words.TryGetValue(test, out var words))
                _words[test] = words = RuleExplainer.Explain(rule with { Condition = test }, LogSourceMap.Default, []).Condition.Words;
            return words;
        }
    }
}
