using System.Globalization;
using System.Text.Json;

namespace Watchhouse.Cacao;

/// <summary>Reads CACAO Security Playbooks 2.0 (OASIS), within bounds, and says all that is wrong with one.</summary>
public static class CacaoReader
{
    internal static readonly Dictionary<string, CacaoStepKind> Kinds = new(StringComparer.Ordinal)
    {
        ["start"] = CacaoStepKind.Start,
        ["end"] = CacaoStepKind.End,
        ["action"] = CacaoStepKind.Action,
        ["playbook-action"] = CacaoStepKind.PlaybookAction,
        ["parallel"] = CacaoStepKind.Parallel,
        ["if-condition"] = CacaoStepKind.IfCondition,
        ["while-condition"] = CacaoStepKind.WhileCondition,
        ["switch-condition"] = CacaoStepKind.SwitchCondition,
    };

    /// <summary>Reads one playbook from UTF-8. It never throws for what stands in the document.</summary>
    public static CacaoReading Read(ReadOnlyMemory<byte> utf8, CacaoLimits? limits = null)
    {
        limits ??= new();
        if (utf8.Length > limits.MostBytes) return Refused($"The playbook has {utf8.Length:N0} bytes; at most {limits.MostBytes:N0} are read.");
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = limits.MostDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, limits)
                : Refused("A playbook is one JSON object; this is something else.");
        }
        catch (JsonException e)
        {
            return Refused(string.Create(CultureInfo.InvariantCulture,
                $"The playbook is not valid JSON, or deeper than {limits.MostDepth} levels, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."));
        }
        catch (InvalidOperationException)
        {
            // A text with half of a surrogate pair cannot be read as text.
            return Refused("The playbook holds a text that is not valid Unicode.");
        }
    }

    private static CacaoReading Refused(string words) => new(null, [new(null, words)]);

    private static CacaoReading Read(JsonElement root, CacaoLimits limits)
    {
        var form = new FormReader(limits.MostFaults);
        if (form.Text(root, "type") != "playbook") form.Fault(null, "The 'type' of a playbook is 'playbook'.");
        if (form.Text(root, "spec_version") is var version && version != "cacao-2.0")
            form.Fault(null, $"The 'spec_version' is '{FormReader.Cut(version)}'; only 'cacao-2.0' is read.");
        var id = form.Text(root, "id");
        if (!CacaoIds.IsId(id, "playbook")) form.Fault(null, $"The playbook's id '{FormReader.Cut(id)}' is not 'playbook--' and a UUID.");
        if (!CacaoIds.IsId(form.Text(root, "created_by"))) form.Fault(null, "The 'created_by' is not an id such as 'identity--' and a UUID.");
        var name = form.Text(root, "name");
        if (name.Length == 0) form.Fault(null, "The playbook has no name.");
        var created = form.Moment(root, "created", required: true);
        var modified = form.Moment(root, "modified", required: true);
        if (modified < created) form.Fault(null, "The playbook was modified before it was created.");
        var (from, until) = (form.Moment(root, "valid_from"), form.Moment(root, "valid_until"));
        if (until <= from) form.Fault(null, "The playbook's 'valid_until' is not after its 'valid_from'.");
        var steps = StepReader.Read(root, form, limits);
        var playbook = new CacaoPlaybook
        {
            Id = id,
            Name = name,
            Description = form.Text(root, "description"),
            Created = created ?? default,
            Modified = modified ?? default,
            IsRevoked = root.TryGetProperty("revoked", out var revoked) && revoked.ValueKind == JsonValueKind.True,
            ValidFrom = from,
            ValidUntil = until,
            Types = form.Texts(root, "playbook_types"),
            Labels = form.Texts(root, "labels"),
            Severity = form.Number(root, "severity"),
            Impact = form.Number(root, "impact"),
            Variables = form.Variables(root, "playbook_variables", null),
            Start = form.Text(root, "workflow_start"),
            Exception = form.Text(root, "workflow_exception") is { Length: > 0 } exception ? exception : null,
            Steps = steps,
            Agents = form.Agents(root, "agent_definitions"),
            Targets = form.Agents(root, "target_definitions"),
            References = form.References(root),
        };
        // What hangs together is looked at only when its parts could be read.
        if (form.Faults.Count == 0) FlowRules.Check(playbook, form);
        return form.Faults.Count == 0 ? new(playbook, []) : new(null, form.Faults);
    }
}
