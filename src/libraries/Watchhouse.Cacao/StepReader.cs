using System.Text.Json;

namespace Watchhouse.Cacao;

/// <summary>Reads the steps of a workflow (section 4) and looks at the form of each by itself.</summary>
internal static class StepReader
{
    public static IReadOnlyDictionary<string, CacaoStep> Read(JsonElement root, FormReader form, CacaoLimits limits)
    {
        var steps = new OrderedDictionary<string, CacaoStep>(StringComparer.Ordinal);
        foreach (var (id, element) in form.Members(root, "workflow", null))
        {
            if (steps.Count == limits.MostSteps)
            {
                form.Fault(null, $"The playbook has more than {limits.MostSteps} steps. Divide it, and let one playbook carry out the other.");
                break;
            }

            var type = form.Text(element, "type", id);
            if (!CacaoReader.Kinds.TryGetValue(type, out var kind)) form.Fault(id, $"Step '{FormReader.Cut(id)}' has the type '{FormReader.Cut(type)}', which CACAO 2.0 does not know.");
            else if (!CacaoIds.IsId(id, type)) form.Fault(id, $"Step '{FormReader.Cut(id)}' has an id that is not '{type}--' and a UUID.");
            else steps[id] = Read(id, kind, element, form);
        }

        if (steps.Count == 0) form.Fault(null, "The playbook has no steps.");
        return steps;
    }

    private static CacaoStep Read(string id, CacaoStepKind kind, JsonElement element, FormReader form)
    {
        var step = new CacaoStep
        {
            Id = id,
            Kind = kind,
            Name = form.Text(element, "name", id) is { Length: > 0 } name ? name : Default(kind),
            Description = form.Text(element, "description", id),
            OnCompletion = Next(element, "on_completion", id, form),
            OnSuccess = Next(element, "on_success", id, form),
            OnFailure = Next(element, "on_failure", id, form),
            Timeout = form.Milliseconds(element, "timeout", id),
            Commands = Commands(element, id, form),
            Agent = Next(element, "agent", id, form),
            Targets = form.Texts(element, "targets", id),
            Branches = Branches(kind, element, id, form),
            Condition = form.Text(element, kind == CacaoStepKind.SwitchCondition ? "switch" : "condition", id),
            PlaybookId = Next(element, "playbook_id", id, form),
            Variables = form.Variables(element, "step_variables", id),
            References = form.References(element),
        };
        Check(step, form);
        return step;
    }

    private static void Check(CacaoStep step, FormReader form)
    {
        var what = $"Step '{step.Name}' ({step.Id})";
        if (step.OnCompletion is not null && (step.OnSuccess ?? step.OnFailure) is not null)
            form.Fault(step.Id, $"{what} has 'on_completion' and 'on_success' or 'on_failure': only the one or the others may be there.");
        switch (step.Kind)
        {
            case CacaoStepKind.Action when step.Commands.Count == 0:
                form.Fault(step.Id, $"{what} has no command.");
                break;
            case CacaoStepKind.Action when step.Agent is null:
                form.Fault(step.Id, $"{what} does not say who carries it out: give an 'agent'.");
                break;
            case CacaoStepKind.PlaybookAction when step.PlaybookId is null || !CacaoIds.IsId(step.PlaybookId, "playbook"):
                form.Fault(step.Id, $"{what} does not name the playbook that it carries out.");
                break;
            case CacaoStepKind.Parallel when step.Branches.Count < 2:
                form.Fault(step.Id, $"{what} is parallel and has fewer than two branches in 'next_steps'.");
                break;
            case CacaoStepKind.IfCondition or CacaoStepKind.WhileCondition when step.Condition.Length == 0 || step.Branches.All(branch => branch.Choice != "true"):
                form.Fault(step.Id, $"{what} needs a 'condition' and an 'on_true'.");
                break;
            case CacaoStepKind.SwitchCondition when step.Condition.Length == 0 || step.Branches.Count == 0:
                form.Fault(step.Id, $"{what} needs a 'switch' and at least one of 'cases'.");
                break;
        }
    }

    private static string? Next(JsonElement element, string name, string step, FormReader form)
    {
        var text = form.Text(element, name, step);
        if (text.Length == 0) return null;
        if (!CacaoIds.IsId(text)) form.Fault(step, $"The '{name}' of {FormReader.What(step)} is '{FormReader.Cut(text)}', which is no id.");
        return text;
    }

    private static List<CacaoCommand> Commands(JsonElement element, string step, FormReader form)
    {
        if (!element.TryGetProperty("commands", out var list)) return [];
        var commands = new List<CacaoCommand>();
        if (list.ValueKind != JsonValueKind.Array)
        {
            form.Fault(step, $"The 'commands' of {FormReader.What(step)} are not a list.");
            return commands;
        }

        foreach (var each in list.EnumerateArray())
        {
            if (each.ValueKind != JsonValueKind.Object || form.Text(each, "type", step) is not { Length: > 0 } type)
            {
                form.Fault(step, $"A command of {FormReader.What(step)} has no type.");
                continue;
            }

            commands.Add(new(type, form.Text(each, "command", step), form.Text(each, "description", step), form.Text(each, "playbook_activity", step), each.GetRawText()));
        }

        return commands;
    }

    private static List<CacaoBranch> Branches(CacaoStepKind kind, JsonElement element, string step, FormReader form)
    {
        var branches = new List<CacaoBranch>();
        switch (kind)
        {
            case CacaoStepKind.Parallel:
                branches.AddRange(form.Texts(element, "next_steps", step).Select((entry, index) => new CacaoBranch($"{index + 1}", entry)));
                break;
            case CacaoStepKind.IfCondition or CacaoStepKind.WhileCondition:
                if (Next(element, "on_true", step, form) is { } onTrue) branches.Add(new("true", onTrue));
                if (kind == CacaoStepKind.IfCondition && Next(element, "on_false", step, form) is { } onFalse) branches.Add(new("false", onFalse));
                break;
            case CacaoStepKind.SwitchCondition when element.TryGetProperty("cases", out var cases):
                if (cases.ValueKind != JsonValueKind.Object || cases.EnumerateObject().Any(each => each.Value.ValueKind != JsonValueKind.String))
                    form.Fault(step, $"The 'cases' of {FormReader.What(step)} are not an object of step ids.");
                else branches.AddRange(cases.EnumerateObject().DistinctBy(each => each.Name).Select(each => new CacaoBranch(each.Name, each.Value.GetString()!)));
                break;
        }

        return branches;
    }

    private static string Default(CacaoStepKind kind) => kind switch
    {
        CacaoStepKind.Start => "Start",
        CacaoStepKind.End => "End",
        CacaoStepKind.Action => "Action",
        CacaoStepKind.PlaybookAction => "Carry out a playbook",
        CacaoStepKind.Parallel => "At the same time",
        CacaoStepKind.IfCondition => "If",
        CacaoStepKind.WhileCondition => "While",
        _ => "Which case",
    };
}
