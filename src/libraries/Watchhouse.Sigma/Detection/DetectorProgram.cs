using System.Collections.Frozen;

namespace Watchhouse.Sigma;

/// <summary>Rules that ask the same of the same log source: evaluated once, reported for each.</summary>
/// <param name="LogSource">Where events must come from.</param>
/// <param name="Condition">The compiled condition.</param>
/// <param name="Clause">What it cannot do without, or null.</param>
/// <param name="Atoms">Numbers of the clause's atoms.</param>
/// <param name="Fields">Numbers of all fields that it reads.</param>
/// <param name="Rules">Indexes of the rules.</param>
internal sealed record Unit(SigmaLogSource LogSource, Condition Condition, Clause? Clause, int[] Atoms, int[] Fields, int[] Rules);

/// <summary>All rules compiled into one: fields and tests are numbered once and shared. Immutable.</summary>
internal sealed class DetectorProgram
{
    /// <summary>The field that stands for every value of an event.</summary>
    public const int KeywordField = 0;

    private readonly Dictionary<string, int> _fields = [];
    private readonly List<string> _names = ["(any value)"];
    private readonly Dictionary<SigmaExpression, Predicate> _predicates = [];
    private readonly Dictionary<string, int[]> _paths = [];

    public DetectorProgram(IReadOnlyList<SigmaRule> rules, IReadOnlyList<LogSourceEntry> entries, IReadOnlyList<string> extraFields)
    {
        var groups = new Dictionary<(SigmaLogSource, SigmaExpression), List<int>>();
        for (var index = 0; index < rules.Count; index++)
        {
            var key = (rules[index].LogSource, rules[index].Condition);
            if (!groups.TryGetValue(key, out var members)) groups.Add(key, members = []);
            members.Add(index);
        }

        var atoms = new AtomTable();
        var units = new List<Unit>(groups.Count);
        foreach (var ((source, expression), members) in groups)
        {
            var fields = new HashSet<int>();
            var condition = Compile(expression, fields);
            var clause = Necessary.Of(expression);
            int[] numbers = clause is null ? [] : [.. clause.Atoms.Select(atom => atoms.Add(FieldOf(atom.Field), atom)).Distinct()];
            units.Add(new(source, condition, clause, numbers, [.. fields], [.. members]));
        }

        atoms.Freeze();
        Atoms = atoms;

        Units = [.. units];
        ExtraFields = [.. extraFields.Select(Intern)];
        Paths = new();
        foreach (var name in _names.Skip(1)) AddPaths(name);
        foreach (var entry in entries)
        {
            foreach (var condition in entry.When) AddPaths(condition.Path);
            foreach (var (name, others) in entry.Fields)
            {
                if (!_fields.ContainsKey(name)) continue;
                foreach (var other in others) AddPaths(other);
            }
        }

        foreach (var label in LabelNames) AddPaths(label);
        Paths.Freeze();
        PredicateCount = _predicates.Count;
        FieldPathsByName = _paths.ToFrozenDictionary();
        LabelPaths = [.. LabelNames.Select(label => PathsOf(label)[0])];
    }

    /// <summary>Keys of events that say their own log source.</summary>
    public static IReadOnlyList<string> LabelNames { get; } = ["_product", "_category", "_service"];

    public Unit[] Units { get; }

    public AtomTable Atoms { get; }

    public FieldPaths Paths { get; }

    public IReadOnlyList<string> FieldNames => _names;

    public int PredicateCount { get; }

    /// <summary>Fields that callers ask for, whatever the log source.</summary>
    public int[] ExtraFields { get; }

    /// <summary>Paths of <see cref="LabelNames"/>.</summary>
    public int[] LabelPaths { get; }

    private FrozenDictionary<string, int[]> FieldPathsByName { get; }

    public bool TryFieldOf(string name, out int field) => _fields.TryGetValue(name, out field);

    public int FieldOf(string? name) => name is null ? KeywordField : _fields[name];

    public int[] PathsOf(string name) => FieldPathsByName.GetValueOrDefault(name) ?? [];

    private void AddPaths(string name)
    {
        if (!_paths.ContainsKey(name)) _paths.Add(name, Paths.Add(name));
    }

    private int Intern(string? name)
    {
        if (name is null) return KeywordField;
        if (_fields.TryGetValue(name, out var field)) return field;
        _fields.Add(name, _names.Count);
        _names.Add(name);
        return _names.Count - 1;
    }

    private Condition Compile(SigmaExpression expression, HashSet<int> fields) => expression switch
    {
        SigmaTest test => Test(test, test.Field, fields, test.Match is TextMatch { Cased: false } text ? [text.Pattern] : null),
        SigmaNot not => new NotCondition(Compile(not.Operand, fields)),
        SigmaAll all => new AllCondition([.. all.Operands
            .Select(each => (Condition: Compile(each, fields), Rank: Rank(each)))
            .OrderBy(each => each.Rank).Select(each => each.Condition)]),
        SigmaAny any => CompileAny(any, fields),
        _ => throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}."),
    };

    // Price of asking, divided by the chance that the answer ends the matter.
    private static double Rank(SigmaExpression expression) => Price(expression) / (1.0001 - Necessary.Likelihood(expression));

    private static double Price(SigmaExpression expression) => expression switch
    {
        SigmaTest { Match: RegexMatch } => 30,
        SigmaTest { Field: null } => 20,
        SigmaNot not => Price(not.Operand),
        SigmaAll all => all.Operands.Sum(Price) / 2,
        SigmaAny any => any.Operands.Sum(each => Price(each) * 0.3),
        _ => 1,
    };

    // Text tests of one field are asked as one question.
    private Condition CompileAny(SigmaAny any, HashSet<int> fields)
    {
        var rest = new List<Condition>();
        foreach (var group in any.Operands.GroupBy(each => each is SigmaTest { Match: TextMatch { Cased: false } } test ? (test.Field, true) : (null, false)))
        {
            if (!group.Key.Item2) rest.AddRange(group.Select(each => Compile(each, fields)));
            else if (group.Count() == 1) rest.Add(Compile(group.First(), fields));
            else rest.Insert(0, Test(new SigmaAny([.. group]), group.Key.Field, fields, [.. group.Select(each => ((TextMatch)((SigmaTest)each).Match).Pattern)]));
        }

        return rest.Count == 1 ? rest[0] : new AnyCondition([.. rest]);
    }

    private Predicate Test(SigmaExpression key, string? fieldName, HashSet<int> fields, SigmaPattern[]? patterns)
    {
        var field = Intern(fieldName);
        fields.Add(field);
        if (key is SigmaTest { Match: FieldMatch reference }) fields.Add(Intern(reference.OtherField));
        if (_predicates.TryGetValue(key, out var known)) return known;
        var matcher = patterns is not null ? new TextSetMatcher(patterns) : Create(((SigmaTest)key).Match);
        var predicate = new Predicate(_predicates.Count, field, fieldName, matcher);
        _predicates.Add(key, predicate);
        return predicate;
    }

    private Matcher Create(SigmaMatch match) => match switch
    {
        TextMatch text => new CasedMatcher(text.Pattern),
        NumberMatch number => new NumberMatcher(number),
        RegexMatch regex => new RegexMatcher(regex),
        NetworkMatch network => new NetworkMatcher(network.Network),
        CompareMatch compare => new CompareMatcher(compare),
        NullMatch => new NullMatcher(),
        ExistsMatch exists => new ExistsMatcher(exists.Expected),
        FieldMatch field => new FieldReferenceMatcher(Intern(field.OtherField), field),
        TimePartMatch time => new TimePartMatcher(time),
        _ => throw new InvalidOperationException($"Unknown match {match.GetType().Name}."),
    };
}
