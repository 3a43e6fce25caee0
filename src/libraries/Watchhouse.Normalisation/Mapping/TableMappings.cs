using System.Collections.Immutable;

namespace Watchhouse.Normalisation;

/// <summary>
/// The mappings: how records are recognised, and which of their members become which columns. The library brings some; users
/// add their own in the same form.
/// </summary>
/// <remarks>
/// A file is YAML with <c>groups</c> (parts to be shared), <c>values</c> (translations of values) and <c>mappings</c>. A mapping has
/// <c>table</c>; <c>when</c>, a list of maps of path to value, values or * for presence, of which one must hold; <c>lift</c>, objects
/// whose members count like those of the root; <c>columns</c>, column to paths; <c>values</c> and <c>lookup</c>, column to a
/// translation; <c>set</c> and <c>compose</c>, column to a constant or to templates; <c>rest</c>, the column for what is left over;
/// <c>id</c>, lists of paths that together are the event's own id; <c>collector</c>, what collectors add; and <c>entities</c>. Parts of a path are
/// separated by dots; a dot inside a name is written \. A member that bears the name of a column, also as camelCase and in lower
/// case, needs no mention.
/// </remarks>
public sealed class TableMappings
{
    private static readonly Lazy<TableMappings> Built = new(() => new(MappingReader.Read(Resources(), TableCatalogue.Default)));

    private readonly Lazy<NormaliserProgram> _program;

    private TableMappings(ImmutableArray<TableMapping> mappings)
    {
        Mappings = mappings;
        _program = new(() => new NormaliserProgram(mappings, TableCatalogue.Default));
    }

    /// <summary>The mappings that the library brings.</summary>
    public static TableMappings Default => Built.Value;

    internal ImmutableArray<TableMapping> Mappings { get; }

    internal NormaliserProgram Program => _program.Value;

    /// <summary>These mappings with those of files before them: where both fit a record, the file's are taken.</summary>
    /// <param name="files">Text of each file, and its name for messages.</param>
    /// <exception cref="FormatException">A text is no such file; the message names file and line.</exception>
    public TableMappings With(params IEnumerable<(string Text, string File)> files)
    {
        var more = MappingReader.Read(files, TableCatalogue.Default);
        foreach (var mapping in more)
        {
            try
            {
                PlanCompiler.Compile(mapping, TableCatalogue.Default.Find(mapping.Table)!);
            }
            catch (FormatException e)
            {
                throw new FormatException($"The mapping '{mapping.Name}': {e.Message}", e);
            }
        }

        return new([.. more, .. Mappings]);
    }

    private static IEnumerable<(string, string)> Resources()
    {
        var assembly = typeof(TableMappings).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith("Mappings.", StringComparison.Ordinal));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (reader.ReadToEnd(), name);
        }
    }
}
