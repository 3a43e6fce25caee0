using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>
/// The table of log sources: how events of a (product, category, service) are recognised, and under which names records
/// carry the fields that rules use. The library brings a table; users add their own in the same form.
/// </summary>
/// <remarks>
/// A file is YAML: <c>groups</c> of field names to be shared, and <c>entries</c>, each with <c>name</c>, <c>source</c> or
/// <c>sources</c> (maps of product, category, service), <c>when</c> (path: value, list of values, or * for presence), and
/// <c>fields</c> (rule's name: path or list of paths) or <c>use</c> (names of groups). <c>when</c> at the top of the file
/// holds for all its entries. <c>carries</c> lists every field that such records ever carry, and <c>carries_groups</c> names
/// lists of <c>carried</c> to be added; an entry without them claims nothing.
/// </remarks>
public sealed class LogSourceMap
{
    private static readonly Lazy<LogSourceMap> Built = new(() => Read(Resources()));

    private LogSourceMap(ImmutableArray<LogSourceEntry> entries) => Entries = entries;

    /// <summary>The table that the library brings.</summary>
    public static LogSourceMap Default => Built.Value;

    /// <summary>A table without entries.</summary>
    public static LogSourceMap Empty { get; } = new([]);

    /// <summary>The entries in the order in which they were read.</summary>
    public IReadOnlyList<LogSourceEntry> Entries { get; }

    /// <summary>Reads tables.</summary>
    /// <exception cref="FormatException">A text is not such a table; the message names file and line.</exception>
    public static LogSourceMap Read(IEnumerable<(string Text, string File)> tables) =>
        new([.. tables.SelectMany(table => LogSourceReader.Read(table.Text, table.File))]);

    /// <summary>This table and another after it.</summary>
    public LogSourceMap With(LogSourceMap more) => new([.. Entries, .. more.Entries]);

    /// <summary>True where some entry's events can meet a rule with this log source.</summary>
    public bool CanArrive(SigmaLogSource rule) => Entries.Any(entry => SourceRouter.Fits(rule, entry.Sources));

    /// <summary>The entries whose events can meet a rule with this log source; all of them where it names none.</summary>
    public IReadOnlyList<LogSourceEntry> EntriesOf(SigmaLogSource rule) => [.. Entries.Where(entry => SourceRouter.Fits(rule, entry.Sources))];

    private static IEnumerable<(string, string)> Resources()
    {
        var assembly = typeof(LogSourceMap).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("LogSources.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (reader.ReadToEnd(), name);
        }
    }
}
