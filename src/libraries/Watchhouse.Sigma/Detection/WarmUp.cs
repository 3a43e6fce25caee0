using System.Text.Json;
using Watchhouse.Telemetry;

namespace Watchhouse.Sigma;

/// <summary>
/// Sends made-up events through a detector before real ones come, so that neither compiling the hot code nor building the
/// largest plans falls upon the first of them: after a change of rules the stream must not stand still.
/// </summary>
internal static class WarmUp
{
    private const int Sources = 2;
    private const int ValuesOfField = 3;

    public static void Run(SigmaDetector detector)
    {
        var session = detector.CreateSession();
        var record = new EventRecord();
        foreach (var entry in Largest(detector))
        {
            var text = Event(detector.Program, entry);
            if (JsonEventParser.Parse(record, text, 0, text.Length, 1, ReadLimits.Default) is null) session.Detect(record);
        }
    }

    // Where most rules wait: of every table of the map, process creation and the like.
    private static IEnumerable<LogSourceEntry> Largest(SigmaDetector detector)
    {
        var sources = new Dictionary<SigmaLogSource, int>();
        foreach (var unit in detector.Program.Units) sources[unit.LogSource] = sources.GetValueOrDefault(unit.LogSource) + 1;
        return detector.Options.LogSources
            .Select(entry => (Entry: entry, Rules: sources.Sum(source => SourceRouter.Fits(source.Key, entry.Sources) ? source.Value : 0)))
            .OrderByDescending(each => each.Rules).Take(Sources).Select(each => each.Entry);
    }

    // Meets the entry's conditions, and holds in every field texts that rules watch for: their conditions are evaluated too.
    private static byte[] Event(DetectorProgram program, LogSourceEntry entry)
    {
        var values = new Dictionary<int, List<string>>();
        foreach (var unit in program.Units)
        {
            if (!SourceRouter.Fits(unit.LogSource, entry.Sources)) continue;
            foreach (var number in unit.Atoms)
            {
                ref readonly var atom = ref program.Atoms.Atoms[number];
                if (atom.Field == DetectorProgram.KeywordField || atom.Shape == PatternShape.Everything) continue;
                if (!values.TryGetValue(atom.Field, out var known)) values.Add(atom.Field, known = []);
                if (known.Count < ValuesOfField) known.Add(System.Text.Encoding.UTF8.GetString(atom.Text));
            }
        }

        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            foreach (var condition in entry.When) json.WriteString(condition.Path, condition.Values.IsEmpty ? "x" : condition.Values[0]);
            foreach (var (field, texts) in values)
            {
                if (entry.When.Any(condition => condition.Path == program.FieldNames[field])) continue;
                json.WriteString(program.FieldNames[field], string.Join(" a\\b \"é\" ", texts));
            }

            json.WriteEndObject();
        }

        return memory.ToArray();
    }
}
