namespace Watchhouse.Cacao;

/// <summary>The kinds of steps (CACAO 2.0 section 4.2).</summary>
public enum CacaoStepKind
{
    /// <summary>Where the workflow begins.</summary>
    Start,

    /// <summary>Where the workflow, or a branch of it, ends.</summary>
    End,

    /// <summary>Commands that an agent carries out.</summary>
    Action,

    /// <summary>Another playbook that is carried out.</summary>
    PlaybookAction,

    /// <summary>Branches that run at the same time.</summary>
    Parallel,

    /// <summary>One of two branches, or none.</summary>
    IfCondition,

    /// <summary>A branch that is repeated.</summary>
    WhileCondition,

    /// <summary>One of several branches, or none.</summary>
    SwitchCondition,
}

/// <summary>A command of an action step (section 5). Types that are not known are kept as they are.</summary>
/// <param name="Type"><c>manual</c>, <c>ssh</c> and so on; the vocabulary is open.</param>
/// <param name="Command">Its text; empty where the type has none.</param>
/// <param name="Description">What it does, for people.</param>
/// <param name="Activity"><c>playbook_activity</c>; empty where it is not given.</param>
/// <param name="Json">The whole object as it was written.</param>
public sealed record CacaoCommand(string Type, string Command, string Description, string Activity, string Json);

/// <summary>A variable (section 10.18).</summary>
/// <param name="Name">With its underscores: <c>__account__</c>.</param>
/// <param name="Type">Its type; the vocabulary is open.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Value">Its first value; null where that is unknown.</param>
/// <param name="IsConstant">Whether it never changes.</param>
/// <param name="IsExternal">Whether whoever starts the playbook gives its value.</param>
public sealed record CacaoVariable(string Name, string Type, string Description, string? Value, bool IsConstant, bool IsExternal);

/// <summary>Who acts, or what is acted on (section 7).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type"><c>individual</c>, <c>group</c>, <c>organization</c> and so on.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
public sealed record CacaoAgent(string Id, string Type, string Name, string Description);

/// <summary>A source outside the playbook (section 10.9).</summary>
/// <param name="Name">Its title.</param>
/// <param name="Description">What it says.</param>
/// <param name="Url">Where it is; empty where it has no address.</param>
public sealed record CacaoReference(string Name, string Description, string Url);

/// <summary>A branch that a step opens: what chooses it, and its first step.</summary>
/// <param name="Choice"><c>true</c>, <c>false</c>, the key of a case, or the number of a parallel branch.</param>
/// <param name="Entry">The id of its first step.</param>
public sealed record CacaoBranch(string Choice, string Entry);

/// <summary>A step of a workflow (section 4).</summary>
public sealed record CacaoStep
{
    /// <summary>Its id: <c>action--</c> and a UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Its kind.</summary>
    public required CacaoStepKind Kind { get; init; }

    /// <summary>Its name; the kind where none is given.</summary>
    public required string Name { get; init; }

    /// <summary>What it does and is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>The step after it, however it went; null where the next two say.</summary>
    public string? OnCompletion { get; init; }

    /// <summary>The step after it when it went well.</summary>
    public string? OnSuccess { get; init; }

    /// <summary>The step after it when it failed.</summary>
    public string? OnFailure { get; init; }

    /// <summary>How long it may take; null where nothing is said.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Commands of an action step, in their order.</summary>
    public IReadOnlyList<CacaoCommand> Commands { get; init; } = [];

    /// <summary>The id of who acts.</summary>
    public string? Agent { get; init; }

    /// <summary>Ids of what is acted on.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Branches: of a parallel step all run, of the others one is chosen.</summary>
    public IReadOnlyList<CacaoBranch> Branches { get; init; } = [];

    /// <summary>The condition of an if or while step, or what a switch step looks at.</summary>
    public string Condition { get; init; } = "";

    /// <summary>The playbook that a playbook-action carries out.</summary>
    public string? PlaybookId { get; init; }

    /// <summary>Variables of this step alone.</summary>
    public IReadOnlyDictionary<string, CacaoVariable> Variables { get; init; } = new Dictionary<string, CacaoVariable>();

    /// <summary>Sources of this step.</summary>
    public IReadOnlyList<CacaoReference> References { get; init; } = [];

    /// <summary>Steps that may come directly after it, its branches not among them.</summary>
    public IEnumerable<string> Following => new[] { OnCompletion, OnSuccess, OnFailure }.OfType<string>();
}

/// <summary>A playbook that was read and found sound.</summary>
public sealed record CacaoPlaybook
{
    /// <summary><c>playbook--</c> and a UUID.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>When it was first written.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When this version was written: id and this together are a version.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>Whether its author has withdrawn it.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>It is not to be started before.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>It is not to be started from then on.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>What it serves: <c>mitigation</c>, <c>investigation</c> and so on.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>1 the lowest to 100 the highest; 0 where nothing is said.</summary>
    public int Severity { get; init; }

    /// <summary>What running it may do to the organisation, 1 to 100; 0 where nothing is said.</summary>
    public int Impact { get; init; }

    /// <summary>Variables of the whole playbook by name.</summary>
    public IReadOnlyDictionary<string, CacaoVariable> Variables { get; init; } = new Dictionary<string, CacaoVariable>();

    /// <summary>The id of the first step.</summary>
    public required string Start { get; init; }

    /// <summary>The step that a failure goes to which nothing else takes up.</summary>
    public string? Exception { get; init; }

    /// <summary>Steps by id, in the order of the document.</summary>
    public required IReadOnlyDictionary<string, CacaoStep> Steps { get; init; }

    /// <summary>Agents by id.</summary>
    public IReadOnlyDictionary<string, CacaoAgent> Agents { get; init; } = new Dictionary<string, CacaoAgent>();

    /// <summary>Targets by id.</summary>
    public IReadOnlyDictionary<string, CacaoAgent> Targets { get; init; } = new Dictionary<string, CacaoAgent>();

    /// <summary>Sources.</summary>
    public IReadOnlyList<CacaoReference> References { get; init; } = [];
}

/// <summary>Something that is wrong with a playbook.</summary>
/// <param name="Step">The id of the step at fault; null where it is the playbook itself.</param>
/// <param name="Words">A sentence that names it and says what to do.</param>
public sealed record CacaoFault(string? Step, string Words);

/// <summary>What came of reading a playbook.</summary>
/// <param name="Playbook">The playbook; null where it has faults.</param>
/// <param name="Faults">All that is wrong with it, at most <see cref="CacaoLimits.MostFaults"/>.</param>
public sealed record CacaoReading(CacaoPlaybook? Playbook, IReadOnlyList<CacaoFault> Faults);

/// <summary>Bounds on what is read.</summary>
public sealed record CacaoLimits
{
    /// <summary>Bytes of a document.</summary>
    public int MostBytes { get; init; } = 1024 * 1024;

    /// <summary>Depth of its JSON.</summary>
    public int MostDepth { get; init; } = 32;

    /// <summary>Steps of a workflow.</summary>
    public int MostSteps { get; init; } = 500;

    /// <summary>Faults that are told at once.</summary>
    public int MostFaults { get; init; } = 50;
}
