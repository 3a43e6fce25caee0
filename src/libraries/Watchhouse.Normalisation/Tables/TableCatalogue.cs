using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Watchhouse.Normalisation;

/// <summary>
/// The tables of Microsoft Sentinel and Defender that events can be brought to, with complete columns as Microsoft publishes
/// them, and <see cref="CatchAll"/> for everything else.
/// </summary>
public sealed class TableCatalogue
{
    /// <summary>Name of the table for events that no other table fits.</summary>
    public const string CatchAll = "Watchhouse_CL";

    private static readonly Lazy<TableCatalogue> Built = new(() => new(Resources().SelectMany(Read)));

    private readonly FrozenDictionary<string, TableSchema> _byName;

    private TableCatalogue(IEnumerable<TableSchema> tables)
    {
        Tables = [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal)];
        _byName = Tables.ToFrozenDictionary(table => table.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The catalogue that the library brings.</summary>
    public static TableCatalogue Default => Built.Value;

    /// <summary>The tables in the order of their names.</summary>
    public ImmutableArray<TableSchema> Tables { get; }

    /// <summary>The table of this name, whatever its capitals, or null.</summary>
    public TableSchema? Find(string name) => _byName.GetValueOrDefault(name);

    private static IEnumerable<string> Resources()
    {
        var assembly = typeof(TableCatalogue).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Tables.", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length > 0 && line[0] != '#') yield return line;
            }
        }
    }

    private static IEnumerable<TableSchema> Read(string line)
    {
        var parts = line.Split(' ');
        yield return new(parts[0], [.. parts.Skip(1).Select(Column)]);
    }

    private static TableColumn Column(string part)
    {
        var colon = part.LastIndexOf(':');
        return new(part[..colon], part[(colon + 1)..] switch
        {
            "s" => ColumnKind.String,
            "i" => ColumnKind.Int,
            "l" => ColumnKind.Long,
            "r" => ColumnKind.Real,
            "b" => ColumnKind.Bool,
            "d" => ColumnKind.DateTime,
            "o" => ColumnKind.Dynamic,
            "g" => ColumnKind.Guid,
            "t" => ColumnKind.TimeSpan,
            var other => throw new FormatException($"The kind '{other}' of the column {part} is unknown."),
        });
    }
}
