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
    private readonly int[] _units;
    private readonly int[] _unitsStart;

    private RoutePlan(
        string name, IReadOnlyList<LogSourceEntry> entries, int[]?[] pathsOfField, int[]?[] watchedFieldsOfPath, LiteralIndex?[] literals, int[]?[] presence, int[] units, int[] unitsStart, int[] always, int[] members, int paths)
    {
        Name = name;
        Entries = entries;
        _pathsOfField = pathsOfField;
        _watchedFieldsOfPath = watchedFieldsOfPath;
        _literals = literals;
        _presence = presence;
        _units = units;
        _unitsStart = unitsStart;
        Always = always;
        Members = members;
        SeenPaths = new bool[paths];
    }

    /// <summary>The log sources, for people.</summary>
    public string Name { get; }

    /// <summary>The entries of the table that found them.</summary>
    public IReadOnlyList<LogSourceEntry> Entries { get; }

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

    [ThreadStatic]
    private static int[]? _scratch;

    /// <summary>
    /// Paths of a field: of its own name and then of its other names, parted by <see cref="NextName"/>; none for a field
    /// that these sources' rules do not use. Of one name the first path that is there counts; all names count.
    /// </summary>
    public int[] PathsOf(int field) => _pathsOfField[field] ?? [];

    /// <summary>Fields with literals or presence to be watched for that may be found under a path.</summary>
    public int[]? WatchedFieldsOf(int path) => _watchedFieldsOfPath[path];

    public LiteralIndex? LiteralsOf(int field) => _literals[field];

    public int[]? PresenceOf(int field) => _presence[field];

    /// <summary>Units that an atom of the plan nominates.</summary>
    public ReadOnlySpan<int> UnitsOf(int atom) => _units.AsSpan(_unitsStart[atom], _unitsStart[atom + 1] - _unitsStart[atom]);

    public static RoutePlan Build(DetectorProgram program, string name, IReadOnlyList<int> members, IReadOnlyList<LogSourceEntry> entries)
    {
        var fields = program.FieldNames.Count;
        var pathsOfField = new int[]?[fields];
        var presence = new List<int>?[fields];
        var always = new List<int>();
        foreach (var field in program.ExtraFields) pathsOfField[field] = Paths(program, field, entries);

        // Atoms get numbers of the plan's own, from 1, in the order in which members bring them.
        var all = program.Atoms.Atoms;
        var numberOf = Scratch(all.Length);
        var (atoms, uses) = (new List<int>(), new List<int> { 0 });
        foreach (var member in members)
        {
            var unit = program.Units[member];
            foreach (var field in unit.Fields) pathsOfField[field] ??= Paths(program, field, entries);
            if (unit.Clause is null) always.Add(member);
            foreach (var atom in unit.Atoms)
            {
                if (all[atom].Shape == PatternShape.Everything)
                {
                    (presence[all[atom].Field] ??= []).Add(member);
                    continue;
                }

                if (numberOf[atom] == 0)
                {
                    atoms.Add(atom);
                    uses.Add(0);
                    numberOf[atom] = atoms.Count;
                }

                uses[numberOf[atom]]++;
            }
        }

        var starts = new int[atoms.Count + 2];
        for (var atom = 1; atom <= atoms.Count; atom++) starts[atom + 1] = starts[atom] + uses[atom];
        var (units, filled) = (new int[starts[^1]], starts.ToArray());
        foreach (var member in members)
        {
            foreach (var atom in program.Units[member].Atoms)
            {
                if (numberOf[atom] is > 0 and var number) units[filled[number]++] = member;
            }
        }

        var counts = new int[fields];
        foreach (var atom in atoms) counts[all[atom].Field]++;
        var literals = new Literal[]?[fields];
        foreach (var atom in atoms)
        {
            ref readonly var known = ref all[atom];
            (literals[known.Field] ??= new Literal[counts[known.Field]])[--counts[known.Field]] = new(known.Shape, known.Text, numberOf[atom], known.Mark);
        }

        var indexes = new LiteralIndex?[fields];
        for (var field = 0; field < fields; field++)
        {
            if (literals[field] is { } found) indexes[field] = new(found);
        }

        foreach (var atom in atoms) numberOf[atom] = 0;

        var watched = new int[]?[program.Paths.Count];
        for (var field = 0; field < fields; field++)
        {
            if (indexes[field] is null && presence[field] is null) continue;
            foreach (var path in pathsOfField[field] ?? [])
            {
                // A path may be there for two names; it watches for the field once.
                if (path != NextName && watched[path]?[^1] != field) watched[path] = watched[path] is { } others ? [.. others, field] : [field];
            }
        }

        return new(
            name,
            entries,
            pathsOfField,
            watched,
            indexes,
            Array.ConvertAll(presence, each => each?.ToArray()),
            units,
            starts,
            [.. always],
            [.. members],
            program.Paths.Count);
    }

    // All zero between two uses; as long as the list of atoms, which would be a large object for each plan.
    private static int[] Scratch(int length)
    {
        if (_scratch is null || _scratch.Length < length) _scratch = new int[length];
        return _scratch;
    }

    private static int[] Paths(DetectorProgram program, int field, IReadOnlyList<LogSourceEntry> entries)
    {
        if (field == DetectorProgram.KeywordField) return [];
        var name = program.FieldNames[field];
        var others = new List<string>();
        foreach (var entry in entries)
        {
            if (entry.Fields.TryGetValue(name, out var more)) others.AddRange(more);
        }

        if (others.Count == 0) return program.PathsOf(name);
        return [.. others.Prepend(name).Distinct().SelectMany(each => program.PathsOf(each).Append(NextName)).SkipLast(1)];
    }
}
