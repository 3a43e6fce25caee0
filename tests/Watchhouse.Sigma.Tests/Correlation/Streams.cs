using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text;
using Watchhouse.Telemetry;

namespace Watchhouse.Sigma.Tests;

/// <summary>Events through detector and correlation engine, as a caller wires the two.</summary>
internal sealed class Streams
{
    private readonly SigmaDetector _detector;
    private readonly DetectionSession _session;

    private Streams(SigmaRuleSet set, CorrelationOptions? options)
    {
        Set = set;
        Engine = new(set.Rules, set.Correlations, options);
        var fields = Enumerable.Range(0, set.Rules.Count).SelectMany(Engine.FieldsOf).Distinct().ToArray();
        _detector = SigmaDetector.Compile(set.Rules, new() { IgnoreLogSources = true, Fields = fields });
        _session = _detector.CreateSession();
    }

    public SigmaRuleSet Set { get; }

    public CorrelationEngine Engine { get; }

    public static Streams Of(string yaml, CorrelationOptions? options = null)
    {
        var set = SigmaLoader.Parse(yaml, "stream.yml");
        Assert.All(set.Reports, report => Assert.True(report.State == RuleState.Live, report.Reason));
        return new(set, options);
    }

    public static Streams Of(SigmaRuleSet set) => new(set, null);

    /// <summary>Feeds events (JSON with @timestamp) and returns the firings of each.</summary>
    public List<CorrelationFiring> Feed(string json, string reference = "", string owner = "force")
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var record = new EventRecord();
        Assert.Null(JsonEventParser.Parse(record, bytes, 0, bytes.Length, 1, ReadLimits.Default));
        var firings = new List<CorrelationFiring>();
        foreach (var match in _session.Detect(record).ToArray())
        {
            var fields = Engine.FieldsOf(match).Select(name => (name, text: _session.FieldText(name))).Where(each => each.text is not null)
                .ToDictionary(each => each.name, each => each.text!);
            var time = (string?)JsonNode.Parse(json)!["@timestamp"];
            Engine.Observe(new(owner, match, time is null ? null : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), fields, reference), firings);
        }

        return firings;
    }

    /// <summary>An event at a minute of a day.</summary>
    public List<CorrelationFiring> At(double minute, object members, string owner = "force")
    {
        var json = JsonSerializer.SerializeToNode(members)!.AsObject();
        json["@timestamp"] = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute).ToString("O");
        return Feed(json.ToJsonString(), minute.ToString(CultureInfo.InvariantCulture), owner);
    }
}
