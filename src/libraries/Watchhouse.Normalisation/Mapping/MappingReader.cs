using System.Collections.Immutable;

namespace Watchhouse.Normalisation;

/// <summary>Reads files of mappings. Groups and tables of values are shared by all files that are read together.</summary>
internal sealed class MappingReader
{
    private const string Any = "*";

    private readonly Dictionary<string, YamlFields> _groups = [];
    private readonly Dictionary<string, ImmutableDictionary<string, string>> _values = [];
    private readonly TableCatalogue _catalogue;

    private MappingReader(TableCatalogue catalogue) => _catalogue = catalogue;

    public static ImmutableArray<TableMapping> Read(IEnumerable<(string Text, string File)> files, TableCatalogue catalogue)
    {
        var reader = new MappingReader(catalogue);
        var roots = files.Select(file => YamlFields.Root(file.Text, file.File)).ToList();
        foreach (var root in roots) reader.Share(root);
        return [.. roots.SelectMany(root => root.Maps("mappings")).Select(reader.Mapping)];
    }

    private void Share(YamlFields root)
    {
        root.OnlyKnows("groups", "values", "mappings");
        if (root.Map("groups") is { } groups)
        {
            foreach (var name in groups.Names()) _groups[name] = groups.Map(name)!;
        }

        if (root.Map("values") is { } values)
        {
            foreach (var name in values.Names()) _values[name] = Table(values.Map(name)!);
        }
    }

    private TableMapping Mapping(YamlFields fields)
    {
        fields.OnlyKnows(
            "name", "table", "kinds", "when", "use", "lift", "columns", "values", "lookup", "set", "compose", "rest", "keep", "id", "collector", "entities");
        var table = fields.Text("table") ?? throw fields.Fault("a mapping must name its table");
        var schema = _catalogue.Find(table) ?? throw fields.Fault($"the table '{table}' is not in the catalogue");
        var mapping = new TableMapping
        {
            Name = fields.Text("name") ?? table,
            Table = schema.Name,
            Kinds = fields.Texts("kinds"),
            When = [.. fields.Maps("when").Select(Conditions)],
        };
        // What stands in the mapping itself comes before what it has from groups.
        mapping = Add(mapping, fields, schema, isGroup: false);
        foreach (var name in fields.Texts("use"))
        {
            if (!_groups.TryGetValue(name, out var group)) throw fields.Fault($"the group '{name}' is not there");
            group.OnlyKnows("lift", "columns", "values", "lookup", "set", "compose", "keep", "id", "collector", "entities");
            mapping = Add(mapping, group, schema, isGroup: true);
        }

        return mapping;
    }

    private TableMapping Add(TableMapping mapping, YamlFields fields, TableSchema schema, bool isGroup)
    {
        // A group serves several tables and may speak of columns that one of them lacks.
        IEnumerable<(string Name, YamlFields In)> Members(string section)
        {
            if (fields.Map(section) is not { } map) yield break;
            foreach (var name in map.Names())
            {
                if (schema.Find(name) is not null) yield return (name, map);
                else if (!isGroup) throw map.Fault($"the table {schema.Name} has no column '{name}'");
            }
        }

        var (columns, values) = (mapping.Columns.ToBuilder(), mapping.Values.ToBuilder());
        foreach (var (name, map) in Members("columns"))
            columns[name] = columns.TryGetValue(name, out var before) ? [.. before, .. map.Texts(name).Except(before)] : map.Texts(name);
        foreach (var (section, isStrict) in new[] { ("values", false), ("lookup", true) })
        {
            foreach (var (name, map) in Members(section)) values.TryAdd(name, new(Named(map, name), isStrict));
        }

        var (set, compose) = (mapping.Set.ToBuilder(), mapping.Compose.ToBuilder());
        foreach (var (name, map) in Members("set")) set.TryAdd(name, map.Text(name)!);
        foreach (var (name, map) in Members("compose")) compose.TryAdd(name, map.Texts(name));
        return mapping with
        {
            Lift = [.. mapping.Lift, .. fields.Texts("lift")],
            Columns = columns.ToImmutable(),
            Values = values.ToImmutable(),
            Set = set.ToImmutable(),
            Compose = compose.ToImmutable(),
            Rest = mapping.Rest ?? (isGroup ? null : Rest(fields, schema)),
            Keep = [.. mapping.Keep, .. fields.Texts("keep")],
            Id = [.. mapping.Id, .. fields.Lists("id")],
            Collector = [.. mapping.Collector, .. fields.Texts("collector")],
            Entities = [.. mapping.Entities, .. Entities(fields)],
        };
    }

    private static ImmutableArray<MappingCondition> Conditions(YamlFields map)
    {
        ImmutableArray<MappingCondition> conditions =
            [.. map.Names().Select(path => new MappingCondition(path, [.. map.Texts(path).Where(value => value != Any)]))];
        return conditions.Length > 0 ? conditions : throw map.Fault("a condition without a path would fit every event");
    }

    private ImmutableDictionary<string, string> Named(YamlFields map, string column)
    {
        if (map.Lists(column) is not [[var name]]) throw map.Fault($"'{column}' must name a table of values");
        return _values.TryGetValue(name, out var found) ? found : throw map.Fault($"the table of values '{name}' is not there");
    }

    private static ImmutableDictionary<string, string> Table(YamlFields map) =>
        map.Names().ToImmutableDictionary(name => name, name => map.Text(name)!);

    private static RestRule? Rest(YamlFields fields, TableSchema schema)
    {
        if (fields.Map("rest") is not { } rest) return null;
        rest.OnlyKnows("column", "form", "of");
        var column = rest.Text("column");
        if (column is null || schema.Find(column) is null) throw rest.Fault($"the table {schema.Name} has no column '{column}'");
        return new(column, rest.Text("form") switch
        {
            "event-xml" => RestForm.EventXml,
            "pairs" => RestForm.Pairs,
            "json" => RestForm.Json,
            _ => throw rest.Fault("the form of the rest is event-xml, pairs or json"),
        }, rest.Text("of"));
    }

    private static IEnumerable<EntityRule> Entities(YamlFields fields)
    {
        if (fields.Map("entities") is not { } entities) yield break;
        foreach (var name in entities.Names())
        {
            var parts = name.Split(' ');
            if (parts.Length != 2 || !Enum.TryParse<EntityKind>(parts[0], ignoreCase: true, out var kind)
                || !Enum.TryParse<EntityRole>(parts[1], ignoreCase: true, out var role))
                throw entities.Fault($"'{name}' must be a kind ({Names<EntityKind>()}) and a role ({Names<EntityRole>()})");
            yield return new(kind, role, entities.Texts(name));
        }
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));
}
