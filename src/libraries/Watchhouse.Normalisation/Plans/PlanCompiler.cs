using System.Text;
using System.Text.Json;

namespace Watchhouse.Normalisation;

/// <summary>Compiles a mapping against its table.</summary>
internal static class PlanCompiler
{
    // Ranks: what the mapping says, then the column's own name in its other spellings, then times of any kind.
    private const int LowerCase = 500;
    private const int OwnName = 1000;
    private const int AnyTime = 2000;

    private static readonly string[] Spellings =
    [
        // The most exact first: what the source stamped, then what collectors stamped.
        "TimeCreated", "SystemTime", "eventTime", "CreationTime", "createdDateTime", "activityDateTime", "CreatedDateTime", "ActivityDateTime",
        "TimeGenerated", "TimeGenerated [UTC]", "eventTimestamp", "EventTime", "Timestamp", "timestamp", "published", "createdAt", "created_at",
        "event_time", "isotimestamp", "UtcTime", "time", "ts", "_time", "@timestamp", "at_sign_timestamp",
    ];

    private static readonly string[] Times = [.. Spellings.Concat(Spellings.Select(name => name.ToLowerInvariant())).Distinct()];

    public static TablePlan Compile(TableMapping mapping, TableSchema schema)
    {
        List<string> names = ["TimeGenerated", "Type", .. schema.Columns.Select(column => column.Name).Where(name => name is not ("TimeGenerated" or "Type"))];
        var numbers = names.Select((name, number) => (name, number)).ToDictionary(pair => pair.name, pair => pair.number, StringComparer.Ordinal);
        var (paths, targets) = (new PathTree.Builder(), new List<List<Target>>());
        int SlotOf(IEnumerable<string> path)
        {
            var slot = paths.Slot(path);
            while (targets.Count <= slot) targets.Add([]);
            return slot;
        }

        void Offer(IReadOnlyList<string> path, int column, int rank)
        {
            var slot = SlotOf(path);
            if (!targets[slot].Exists(target => target.Column == column)) targets[slot].Add(new(column, rank));
        }

        // The root and each lifted object may carry what the paths name.
        List<IReadOnlyList<string>> roots = [[], .. mapping.Lift.Select(PathTree.Split)];
        // In the order of their names, so that the same mapping always makes the same rows.
        var columns = mapping.Columns.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, from) in columns)
        {
            if (from.Length > 0) Offer([name], numbers[name], 0);
            for (var index = 0; index < from.Length; index++) Offer(PathTree.Split(from[index]), numbers[name], index + 1);
        }

        // Some exports write every name in lower case.
        var lowered = columns
            .SelectMany(entry => entry.Value.Select((path, index) => (Path: PathTree.Split(path.ToLowerInvariant()), Column: numbers[entry.Key], Index: index)))
            .Where(each => !paths.Has(each.Path) && !numbers.ContainsKey(each.Path[^1])).ToList();
        foreach (var (path, column, index) in lowered) Offer(path, column, LowerCase + index);

        // A time and a translation are made of what is another column's own.
        bool IsClaimed(IReadOnlyList<string> path) => paths.Has(path) && targets[paths.Slot(path)].Exists(target =>
            target.Column > 0 && mapping.Values.GetValueOrDefault(names[target.Column]) is not { IsStrict: true });
        var own = schema.Columns
            .Where(column => column.Name != "Type" && !(mapping.Columns.TryGetValue(column.Name, out var from) && from.IsEmpty)).ToList();
        OfferOwnNames(own, roots, numbers, IsClaimed, Offer);
        for (var index = 0; index < Times.Length; index++)
        {
            for (var root = 0; root < roots.Count; root++) Offer([.. roots[root], Times[index]], 0, AnyTime + (index * roots.Count) + root);
        }

        int PathSlot(string path)
        {
            foreach (var root in roots.Skip(1))
            {
                if (paths.Has([.. root, .. PathTree.Split(path)])) return paths.Slot([.. root, .. PathTree.Split(path)]);
            }

            return SlotOf(PathTree.Split(path));
        }

        Template Parse(string text) => Template.Parse(text, name => numbers.GetValueOrDefault(name, -1), PathSlot);
        var fills = mapping.Set.Select(entry => new FillPlan(numbers[entry.Key], [], Encoding.UTF8.GetBytes(entry.Value)))
            .Concat(mapping.Compose.Select(entry => new FillPlan(numbers[entry.Key], [.. entry.Value.Select(Parse)], [])))
            .OrderBy(fill => fill.Column).ToArray();
        var entities = mapping.Entities.Select(each => new EntityPlan(each.Kind, each.Role, [.. each.From.Select(Parse)])).ToArray();
        var rest = mapping.Rest is not { } rule
            ? null
            : new RestPlan(numbers[rule.Column], rule.Form, rule.Of is null ? -1 : SlotOf(PathTree.Split(rule.Of)));
        var ids = mapping.Id.Select(alternative => alternative.Select(path => SlotOf(PathTree.Split(path))).ToArray()).ToArray();
        var collector = mapping.Collector.Select(path => SlotOf(PathTree.Split(path))).ToHashSet();
        var kept = mapping.Keep.Concat(mapping.Collector).Select(path => SlotOf(PathTree.Split(path))).ToHashSet();
        return new()
        {
            Mapping = mapping.Name,
            Schema = schema,
            Paths = paths.Build(),
            Columns = [.. names.Select(name => Column(schema.Find(name)!, mapping))],
            Targets = [.. targets.Select(each => each.ToArray())],
            IsColumn = [.. targets.Select(each => each.Exists(target => target.Column > 0))],
            IsCollector = [.. targets.Select((_, slot) => collector.Contains(slot))],
            IsKept = [.. targets.Select((_, slot) => kept.Contains(slot))],
            Fills = fills,
            Entities = entities,
            Rest = rest,
            Ids = ids,
            TypeMember = [.. ",\"Type\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(schema.Name)],
        };
    }

    private static ColumnPlan Column(TableColumn column, TableMapping mapping) => new(
        column.Name,
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(column.Name) + ":"),
        column.Kind,
        mapping.Values.GetValueOrDefault(column.Name) is { } values ? new ValueMap(values) : null);

    // A path that the mapping gives to one column is not guessed to be another's, unless that bears its very name.
    private static void OfferOwnNames(
        List<TableColumn> columns, List<IReadOnlyList<string>> roots, Dictionary<string, int> numbers, Func<IReadOnlyList<string>, bool> isClaimed,
        Action<IReadOnlyList<string>, int, int> offer)
    {
        var found = new List<(IReadOnlyList<string> Path, int Column, int Rank)>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var spelling = 0; spelling < 6; spelling++)
        {
            foreach (var column in columns)
            {
                if (Spelling(column, spelling) is not { } name) continue;
                for (var root = 0; root < roots.Count; root++)
                {
                    IReadOnlyList<string> path = [.. roots[root], name];
                    if ((spelling > 0 && isClaimed(path)) || !taken.Add(string.Join('\0', path))) continue;
                    found.Add((path, numbers[column.Name], OwnName + (spelling * 10) + root));
                }
            }
        }

        foreach (var (path, column, rank) in found) offer(path, column, rank);
    }

    private static string? Spelling(TableColumn column, int number) => number switch
    {
        0 => column.Name,
        1 => Camel(column.Name),
        2 => char.ToLowerInvariant(column.Name[0]) + column.Name[1..],
        3 => column.Name.ToLowerInvariant(),
        // As exports of Log Analytics write the columns of these kinds.
        4 when column.Kind == ColumnKind.DateTime => column.Name + " [UTC]",
        4 when column.Kind == ColumnKind.Dynamic => column.Name + "_dynamic",
        5 when column.Kind == ColumnKind.Dynamic => column.Name + "_string",
        _ => null,
    };

    // IPAddress becomes ipAddress, and AppId appId.
    private static string Camel(string name)
    {
        var upper = 0;
        while (upper < name.Length && char.IsAsciiLetterUpper(name[upper])) upper++;
        var lowered = upper <= 1 || upper == name.Length ? upper : upper - 1;
        return name[..lowered].ToLowerInvariant() + name[lowered..];
    }
}
