namespace Watchhouse.Cacao;

/// <summary>
/// How steps hang together. A branch is opened by a step, has steps of its own, and ends in an end step of its own; then the step
/// that opened it goes on (sections 4.6 to 4.9). So a sound workflow is a tree of branches without a way back, and its only
/// repetition is that of while steps.
/// </summary>
internal static class FlowRules
{
    public static void Check(CacaoPlaybook playbook, FormReader form)
    {
        if (!playbook.Steps.TryGetValue(playbook.Start, out var start) || start.Kind != CacaoStepKind.Start)
            form.Fault(null, $"The 'workflow_start' is '{FormReader.Cut(playbook.Start)}', which is no start step of the workflow.");
        if (playbook.Exception is { } exception && !playbook.Steps.ContainsKey(exception))
            form.Fault(null, $"The 'workflow_exception' is '{FormReader.Cut(exception)}', which is no step of the workflow.");
        foreach (var step in playbook.Steps.Values) CheckParts(playbook, step, form);
        // The walk below follows ids; each must lead somewhere.
        if (form.Faults.Count == 0) new Walk(playbook, form).Go();
    }

    private static void CheckParts(CacaoPlaybook playbook, CacaoStep step, FormReader form)
    {
        foreach (var next in step.Following.Concat(step.Branches.Select(branch => branch.Entry)))
        {
            if (!playbook.Steps.TryGetValue(next, out var found)) form.Fault(step.Id, $"{What(step)} goes on to '{FormReader.Cut(next)}', which is no step of the workflow.");
            else if (found.Kind == CacaoStepKind.Start) form.Fault(step.Id, $"{What(step)} goes on to the start step; nothing comes before a start.");
        }

        if (step.Kind == CacaoStepKind.End)
        {
            if (step.Following.Any()) form.Fault(step.Id, $"{What(step)} is an end and has a step after it.");
        }
        else if (step.OnCompletion is null && step.OnSuccess is null)
        {
            form.Fault(step.Id, $"{What(step)} does not say what comes after it: give 'on_completion', or 'on_success'. Each way leads to an end step.");
        }

        if (step.Kind == CacaoStepKind.Start && (step.OnCompletion is null || step.Id != playbook.Start))
            form.Fault(step.Id, $"{What(step)}: a workflow has one start, the 'workflow_start', and it has 'on_completion'.");
        if (step.Agent is { } agent && !playbook.Agents.ContainsKey(agent)) form.Fault(step.Id, $"{What(step)} is for the agent '{FormReader.Cut(agent)}', who is not in 'agent_definitions'.");
        foreach (var target in step.Targets.Where(target => !playbook.Targets.ContainsKey(target)))
            form.Fault(step.Id, $"{What(step)} acts on '{FormReader.Cut(target)}', which is not in 'target_definitions'.");
        foreach (var variable in step.Commands.Select(command => command.Command).Append(step.Condition).SelectMany(CacaoIds.VariablesIn))
        {
            if (!playbook.Variables.ContainsKey(variable) && !step.Variables.ContainsKey(variable))
                form.Fault(step.Id, $"{What(step)} uses the variable '{variable}', which neither the playbook nor the step has.");
        }
    }

    private static string What(CacaoStep step) => $"Step '{step.Name}' ({step.Id})";

    /// <summary>Visits every branch once, each step of it once, without recursion: a document chooses how deep it goes.</summary>
    private sealed class Walk(CacaoPlaybook playbook, FormReader form)
    {
        /// <summary>The branch that each step was found in, by the branch's first step.</summary>
        private readonly Dictionary<string, string> _branchOf = new(StringComparer.Ordinal);

        private readonly Dictionary<string, bool> _left = new(StringComparer.Ordinal);

        public void Go()
        {
            Visit(playbook.Start);
            if (playbook.Exception is { } exception && !_branchOf.ContainsKey(exception)) Visit(exception);
            foreach (var step in playbook.Steps.Values.Where(step => !_branchOf.ContainsKey(step.Id)))
                form.Fault(step.Id, $"{What(step)} is never reached. Lead a step to it, or take it out.");
        }

        private void Visit(string entry)
        {
            var path = new Stack<(CacaoStep Step, Queue<(string To, string Branch, CacaoStep? Owner)> Ways, string Branch, CacaoStep? Owner)>();
            Push(entry, entry, null);
            while (path.TryPeek(out var top))
            {
                if (!top.Ways.TryDequeue(out var way))
                {
                    _left[top.Step.Id] = true;
                    path.Pop();
                    continue;
                }

                if (!_branchOf.TryGetValue(way.To, out var known)) Push(way.To, way.Branch, way.Owner);
                else if (!_left.ContainsKey(way.To)) Back(top.Step, way.To, top.Owner);
                else if (known != way.Branch || way.To == way.Branch)
                    form.Fault(way.To, $"{What(playbook.Steps[way.To])} belongs to two branches: '{top.Step.Name}' ({top.Step.Id}) leads to it, and so does another step. "
                        + "Each branch has steps and an end of its own; what comes after them goes into 'on_completion' of the step that opens them.");
            }

            void Push(string id, string branch, CacaoStep? owner)
            {
                var step = playbook.Steps[id];
                _branchOf[id] = branch;
                path.Push((step, new([.. step.Branches.Select(each => (each.Entry, each.Entry, (CacaoStep?)step)), .. step.Following.Select(next => (next, branch, owner))]), branch, owner));
            }
        }

        private void Back(CacaoStep from, string to, CacaoStep? owner)
        {
            // The last step of a loop may lead back to its own while step, which is what an end would do.
            if (owner is { Kind: CacaoStepKind.WhileCondition } && owner.Id == to) return;
            form.Fault(from.Id, $"{What(from)} leads back to '{playbook.Steps[to].Name}' ({to}): a cycle without a loop step. Put what repeats into a 'while-condition'.");
        }
    }
}
