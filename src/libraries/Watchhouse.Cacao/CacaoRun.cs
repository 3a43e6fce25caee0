using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchhouse.Cacao;

/// <summary>How a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CacaoRunStatus>))]
public enum CacaoRunStatus
{
    /// <summary>Steps wait.</summary>
    Running,

    /// <summary>Every branch came to its end.</summary>
    Ended,

    /// <summary>A failure came that no step takes up, or the run was stopped.</summary>
    Failed,
}

/// <summary>What a step waits for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CacaoWait>))]
public enum CacaoWait
{
    /// <summary>That its commands, or its playbook, are carried out.</summary>
    Work,

    /// <summary>That one of its branches is chosen.</summary>
    Decision,

    /// <summary>That its branches end.</summary>
    Branches,
}

/// <summary>A branch under way, and the step that it stands on.</summary>
/// <param name="Id">Its number in this run.</param>
/// <param name="Parent">The branch whose step opened it; null for the first.</param>
/// <param name="Step">The id of the step.</param>
/// <param name="Wait">What the step waits for.</param>
/// <param name="Rounds">How often a while step was gone round.</param>
/// <param name="Open">Branches of the step that have not ended.</param>
/// <param name="HasFailed">Whether one of its branches failed.</param>
public sealed record CacaoThread(int Id, int? Parent, string Step, CacaoWait Wait, int Rounds = 0, int Open = 0, bool HasFailed = false);

/// <summary>How a step was left the last time.</summary>
/// <param name="HasSucceeded">Whether it went well.</param>
/// <param name="Choice">What was chosen; empty for a step without a choice.</param>
/// <param name="Times">How often it was left.</param>
public sealed record CacaoPassage(bool HasSucceeded, string Choice, int Times);

/// <summary>The whole state of a run: with the playbook, nothing else is needed to go on.</summary>
public sealed record CacaoRun
{
    /// <summary>The playbook's id.</summary>
    public required string Playbook { get; init; }

    /// <summary>The playbook's version.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>How it stands.</summary>
    public CacaoRunStatus Status { get; init; }

    /// <summary>Branches under way.</summary>
    public IReadOnlyList<CacaoThread> Threads { get; init; } = [];

    /// <summary>Values of variables that have one.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Steps that were left.</summary>
    public IReadOnlyDictionary<string, CacaoPassage> Passed { get; init; } = new Dictionary<string, CacaoPassage>();

    /// <summary>The number of the next branch.</summary>
    public int NextThread { get; init; }

    /// <summary>Steps that were entered, which is bounded.</summary>
    public int Moves { get; init; }

    /// <summary>Whether the step for exceptions was taken.</summary>
    public bool InException { get; init; }

    /// <summary>The state as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CacaoJson.Default.CacaoRun);

    /// <summary>The state from its text.</summary>
    /// <exception cref="JsonException">The text is no state.</exception>
    public static CacaoRun FromJson(string json) => JsonSerializer.Deserialize(json, CacaoJson.Default.CacaoRun) ?? throw new JsonException("The text is 'null', which is no state of a run.");

    /// <summary>The branch that stands on a step; null where none does.</summary>
    public CacaoThread? At(string step) => Threads.FirstOrDefault(thread => thread.Step == step);

    /// <summary>Steps that somebody has to do something about.</summary>
    public IEnumerable<CacaoThread> Waiting => Threads.Where(thread => thread.Wait != CacaoWait.Branches);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CacaoRun))]
internal sealed partial class CacaoJson : JsonSerializerContext;
