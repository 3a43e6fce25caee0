using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

/// <summary>A file of the national detections: its documents, the last of which is what the file is about, and its events.</summary>
internal sealed record NationalFile(string Path, SigmaDocument Main, IReadOnlyList<SigmaDocument> Documents, NationalEvents Events)
{
    /// <summary>The rules of the file that look at single events.</summary>
    public IEnumerable<SigmaRule> Rules => Documents.OfType<SigmaRule>();
}

/// <summary>The national detections as a force would load them, with the value lists of the example.</summary>
internal static class NationalPack
{
    private static readonly Lazy<SigmaRuleSet> Loaded = new(() => SigmaLoader.Load([Folder], new() { ValueLists = Lists! }));
    private static readonly Lazy<IReadOnlyList<NationalFile>> Read = new(ReadFiles);
    private static readonly Lazy<SigmaDetector> Compiled = new(() =>
    {
        var engine = Engine();
        var fields = Enumerable.Range(0, Set.Rules.Count).Where(engine.Uses).SelectMany(engine.FieldsOf).Distinct().ToList();
        return SigmaDetector.Compile(Set.Rules, new() { LogSources = LogSourceMap.Default.Entries, Fields = fields });
    });

    public static string Folder => RepositoryRoot.File("national/detections");

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Lists { get; } =
        ValueLists.Read(File.ReadAllText(RepositoryRoot.File("national/detections/lists.example.json")), "lists.example.json");

    public static SigmaRuleSet Set => Loaded.Value;

    public static SigmaDetector Detector => Compiled.Value;

    public static IReadOnlyList<NationalFile> Files => Read.Value;

    public static CorrelationEngine Engine() => new(Set.Rules, Set.Correlations, new() { Lateness = TimeSpan.FromDays(36_500) });

    public static string NameOf(string file) => Path.ChangeExtension(Path.GetRelativePath(Folder, file), null).Replace('\\', '/');

    /// <summary>The rules that one record meets, routed by the table of log sources and not by labels.</summary>
    public static IReadOnlyList<SigmaRule> Matches(string json)
    {
        var found = new List<SigmaRule>();
        var session = Detector.CreateSession();
        NationalEvents.Parse([json], record => found.AddRange(session.Detect(record).ToArray().Select(match => Detector.Rules[match])));
        return found;
    }

    /// <summary>The correlations that fire on a sequence of records.</summary>
    public static IReadOnlyList<CorrelationFiring> Fires(IEnumerable<string> records)
    {
        var engine = Engine();
        var session = Detector.CreateSession();
        var firings = new List<CorrelationFiring>();
        NationalEvents.Parse(records, record =>
        {
            foreach (var match in session.Detect(record).ToArray())
            {
                var values = engine.FieldsOf(match).Select(name => (name, Text: session.FieldText(name))).Where(value => value.Text is not null);
                engine.Observe(new("", match, EventTime.Of(record), values.ToDictionary(value => value.name, value => value.Text!), record.Position.ToString(System.Globalization.CultureInfo.InvariantCulture)), firings);
            }
        });
        engine.End(firings);
        return firings;
    }

    private static List<NationalFile> ReadFiles() => [.. Directory.EnumerateFiles(Folder, "*.yml", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file =>
        {
            var documents = Set.Rules.Cast<SigmaDocument>().Concat(Set.Correlations).Where(document => document.File == file).OrderBy(document => document.Line).ToList();
            Assert.NotEmpty(documents);
            return new NationalFile(NameOf(file), documents[^1], documents, NationalEvents.Read(Path.ChangeExtension(file, ".events.json")));
        })];
}
