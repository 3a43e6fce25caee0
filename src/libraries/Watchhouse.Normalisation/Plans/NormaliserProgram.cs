using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Watchhouse.Normalisation;

/// <summary>
/// All mappings, compiled: rules that recognise a record, and a plan for each mapping and for each table without one. A plan is
/// compiled when its first record comes, because most sites see a dozen of the tables.
/// </summary>
internal sealed class NormaliserProgram
{
    private readonly Lazy<TablePlan>[] _plans;
    private readonly FrozenDictionary<string, int[]> _byKind;
    private readonly int _catchAll;

    public NormaliserProgram(ImmutableArray<TableMapping> mappings, TableCatalogue catalogue)
    {
        var byTable = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < mappings.Length; number++) byTable.TryAdd(mappings[number].Table, number);
        List<TableMapping> all = [.. mappings];
        foreach (var table in catalogue.Tables.Where(table => !byTable.ContainsKey(table.Name)))
        {
            byTable[table.Name] = all.Count;
            all.Add(Default(table.Name));
        }

        _plans = [.. all.Select(mapping => new Lazy<TablePlan>(() => PlanCompiler.Compile(mapping, catalogue.Find(mapping.Table)!)))];
        _catchAll = byTable[TableCatalogue.CatchAll];
        Recogniser = new([.. Named(byTable), .. all.SelectMany((mapping, number) => mapping.When.Select(when => new RecogniserRule(number, when)))]);
        _byKind = all.SelectMany((mapping, number) => mapping.Kinds.Append(mapping.Table).Select(kind => (kind, number)))
            .GroupBy(pair => pair.kind, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.Select(pair => pair.number).ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    public Recogniser Recogniser { get; }

    /// <summary>Compiles every plan, so that a fault in a mapping is found at once.</summary>
    public void CompileAll()
    {
        foreach (var plan in _plans) _ = plan.Value;
    }

    /// <summary>The numbers of the plans for a kind that a collector declared; null where the kind is not known.</summary>
    public int[]? OfKind(string? kind) => kind is not null && _byKind.TryGetValue(kind, out var plans) ? plans : null;

    /// <summary>The plan of this number; the one for everything else where it is negative.</summary>
    public TablePlan Plan(int number) => _plans[number < 0 ? _catchAll : number].Value;

    // A record may name its table itself: in the envelope of advanced hunting, or as a row of Log Analytics. Type alone is too
    // common a name to be believed.
    private static IEnumerable<RecogniserRule> Named(Dictionary<string, int> byTable)
    {
        foreach (var (table, plan) in byTable)
        {
            yield return new(plan, [new("category", ["AdvancedHunting-" + table])]);
            yield return new(plan, [new("Category", ["AdvancedHunting-" + table])]);
            yield return new(plan, [new("Type", [table]), new("TimeGenerated", [])]);
            yield return new(plan, [new("Type", [table]), new("TimeGenerated [UTC]", [])]);
        }
    }

    private static TableMapping Default(string table) =>
        new() { Name = table, Table = table, Lift = ["properties"], Collector = ["_TimeReceivedBySvc", "_ItemId"] };
}
