using System.Text;
using System.Text.Json.Nodes;

namespace Watchhouse.Cacao.Tests;

/// <summary>Makes small playbooks for tests.</summary>
internal static class Playbooks
{
    public const string Agent = "group--11111111-1111-4111-8111-111111111111";

    public static string Id(string type, int number) => $"{type}--00000000-0000-4000-8000-{number:d12}";

    public static JsonObject Action(string next, string name = "A step") => new()
    {
        ["type"] = "action",
        ["name"] = name,
        ["commands"] = new JsonArray(new JsonObject { ["type"] = "manual", ["command"] = "Do it" }),
        ["agent"] = Agent,
        ["on_completion"] = next,
    };

    public static JsonObject Start(string next) => new() { ["type"] = "start", ["on_completion"] = next };

    public static JsonObject End() => new() { ["type"] = "end" };

    public static JsonObject Playbook(string start, IEnumerable<(string Id, JsonObject Step)> steps) => new()
    {
        ["type"] = "playbook",
        ["spec_version"] = "cacao-2.0",
        ["id"] = Id("playbook", 1),
        ["name"] = "A playbook",
        ["created_by"] = Id("identity", 1),
        ["created"] = "2026-11-25T09:00:00.000Z",
        ["modified"] = "2026-11-25T09:00:00.000Z",
        ["workflow_start"] = start,
        ["workflow"] = new JsonObject(steps.Select(step => KeyValuePair.Create(step.Id, (JsonNode?)step.Step))),
        ["agent_definitions"] = new JsonObject { [Agent] = new JsonObject { ["type"] = "group", ["name"] = "Somebody" } },
    };

    public static CacaoReading Read(JsonNode playbook, CacaoLimits? limits = null) => CacaoReader.Read(Encoding.UTF8.GetBytes(playbook.ToJsonString()), limits);

    public static CacaoPlaybook Sound(JsonNode playbook)
    {
        var read = Read(playbook);
        Assert.True(read.Playbook is not null, string.Join('\n', read.Faults));
        return read.Playbook;
    }
}
