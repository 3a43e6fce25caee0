namespace Watchhouse.Sigma;

/// <summary>
/// What is to be done with events of one set of log sources: where each field is found, which literals are watched for in
/// which field, and which rules each of them leads to. Made when the first such event arrives; immutable but for the
/// notes of what has been seen.
/// </summary>
internal sealed class RoutePlan
{
    private readonly int[]?[] _pathsOfField;
    private readonly int[]?[] _watchedFieldsOfPath;
    private readonly LiteralIndex?[] _literals;
    private readonly int[]?[] _presence;
    private readonly int[][] _units;

    private RoutePlan(
        string name, int[]?[] pathsOfField, int[]?[] watchedFieldsOfPath, LiteralIndex?[] literals, int[]?[] presence, int[][] units, int[] always, int[] members, int paths)
    {
        Name = name;
        _pathsOfField = pathsOfField;
        _watchedFieldsOfPath = watchedFieldsOfPath;
        _literals = literals;
        _presence = presence;
        _units = units;
        Always = always;
        Members = members;
        SeenPaths = new bool[paths];
    }

    /// <summary>The log sources, for people.</summary>
    public string Name { get; }

    /// <summary>Units that must be looked at for every event of these sources.</summary>
    public int[] Always { get; }

    /// <summary>All units that fit these sources.</summary>
    public int[] Members { get; }

    /// <summary>Which paths an event of these sources has ever carried.</summary>
    public bool[] SeenPaths { get; }

    /// <summary>True where keywords are watched for in every value.</summary>
    public bool WatchesKeywords => _literals[DetectorProgram.KeywordField] is not null;

    /// <summary>Stands between the paths of one name and those of the next.</summary>
    public const int NextName = -1;

    /// <summary>
    /// Paths of a field: of its own name and then of its other names, parted by <see cref="NextName"/>; none for a field
    /// that these sources' rules do not use. Of one name the first path that is there counts; all names count.
    /// </summary>
    public int[] PathsOf(int field) => _pathsOfField[field] ?? [];

    /// <summary>Fields with literals or presence to be watched for that may be found under a path.</summary>
    public int[]? WatchedFieldsOf(int path) => _watchedFieldsOfPath[path];

    public LiteralIndex? LiteralsOf(int field) => _literals[field];

    public int[]? PresenceOf(int field) => _presence[field];

    public int[] UnitsOf(int atom) => _units[atom];

    public static RoutePlan Build(DetectorProgram program, string name, IReadOnlyList<int> members, IReadOnlyList<LogSourceEntry> entries)
    {
        var fields = program.FieldNames.Count;
        var pathsOfField = new int[]?[fields];
        var literals = new Dictionary<(PatternShape, string), List<int>>?[fields];
        var presence = new HashSet<int>?[fields];
        var always = new List<int>();
        foreach (var field in program.ExtraFields) pathsOfField[field] = Paths(program, field, entries);
        foreach (var member in members)
        {
            var unit = program.Units[member];
            foreach (var field in unit.Fields) pathsOfField[field] ??= Paths(program, field, entries);
            if (unit.Clause is not { } clause)
            {
                always.Add(member);
                continue;
            }

            foreach (var atom in clause.Atoms)
            {
                var field = program.FieldOf(atom.Field);
                if (atom.Shape == PatternShape.Everything)
                {
                    (presence[field] ??= []).Add(member);
                    continue;
                }

                // Latin-1 keeps each byte apart: the key is the literal itself.
                var key = (atom.Shape, System.Text.Encoding.Latin1.GetString(atom.Literal));
                var units = (literals[field] ??= []).TryGetValue(key, out var known) ? known : literals[field]![key] = [];
                if (units.Count == 0 || units[^1] != member) units.Add(member);
            }
        }

        var unitLists = new List<int[]>();
        var indexes = new LiteralIndex?[fields];
        for (var field = 0; field < fields; field++)
        {
            if (literals[field] is not { } found) continue;
            var entriesOfField = new List<(PatternShape, byte[], int)>(found.Count);
            foreach (var ((shape, text), units) in found)
            {
                entriesOfField.Add((shape, System.Text.Encoding.Latin1.GetBytes(text), unitLists.Count));
                unitLists.Add([.. units]);
            }

            indexes[field] = new(entriesOfField);
        }

        var watched = new List<int>?[program.Paths.Count];
        for (var field = 0; field < fields; field++)
        {
            if (indexes[field] is null && presence[field] is null) continue;
            foreach (var path in (pathsOfField[field] ?? []).Where(path => path != NextName).Distinct()) (watched[path] ??= []).Add(field);
        }

        return new(
            name,
            pathsOfField,
            Array.ConvertAll(watched, each => each?.ToArray()),
            indexes,
            Array.ConvertAll(presence, each => each?.ToArray()),
            [.. unitLists],
            [.. always],
            [.. members],
            program.Paths.Count);
    }

    private static int[] Paths(DetectorProgram program, int field, IReadOnlyList<LogSourceEntry> entries)
    {
        if (field == DetectorProgram.KeywordField) return [];
        var name = program.FieldNames[field];
        var names = entries.SelectMany(entry => entry.Fields.TryGetValue(name, out var others) ? others : []).Prepend(name).Distinct();
        return [.. names.SelectMany(each => program.PathsOf(each).Append(NextName)).SkipLast(1)];
    }
}
