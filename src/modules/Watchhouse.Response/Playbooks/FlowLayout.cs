using Watchhouse.Cacao;

namespace Watchhouse.Response.Playbooks;

/// <summary>A place in the drawing of a playbook.</summary>
/// <param name="Step">The step; null for a way past branches.</param>
internal sealed record FlowNode(string Id, CacaoStep? Step, int Column, int Row);

/// <summary>A line between two places.</summary>
internal sealed record FlowEdge(string From, string To, string Label);

/// <summary>Where each step is drawn: a sequence downwards, branches side by side, and what comes after them below the longest.</summary>
internal sealed class FlowLayout
{
    private readonly CacaoPlaybook _playbook;
    private readonly Dictionary<string, FlowNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<FlowEdge> _edges = [];

    private FlowLayout(CacaoPlaybook playbook)
    {
        _playbook = playbook;
        var (width, below, _) = Lay(playbook.Start, 0, 0);
        if (playbook.Exception is { } exception && !_nodes.ContainsKey(exception)) (_, below, _) = Lay(exception, width, below);
    }

    public IReadOnlyCollection<FlowNode> Nodes => _nodes.Values;

    public IReadOnlyList<FlowEdge> Edges => _edges;

    public int Columns => _nodes.Values.Max(node => node.Column) + 1;

    public int Rows => _nodes.Values.Max(node => node.Row) + 1;

    public FlowNode this[string id] => _nodes[id];

    public static FlowLayout Of(CacaoPlaybook playbook) => new(playbook);

    /// <summary>Lays a branch; returns its width in columns, the row below it, and its last places.</summary>
    private (int Width, int Below, List<string> Ends) Lay(string entry, int column, int row)
    {
        var (width, ends) = (1, new List<string>());
        var failures = new Queue<(string From, string To, int Row)>();
        for (var id = entry; id is not null && !_nodes.ContainsKey(id);)
        {
            var step = _playbook.Steps[id];
            _nodes[id] = new(id, step, column, row);
            var exits = new List<string> { id };
            row++;
            if (step.Branches.Count > 0)
            {
                exits.Clear();
                var (across, deepest) = (column, row);
                foreach (var branch in step.Branches)
                {
                    _edges.Add(new(id, branch.Entry, step.Kind == CacaoStepKind.Parallel ? "" : FlowWords.Choice(branch.Choice)));
                    var (w, below, inner) = Lay(branch.Entry, across, row);
                    across += w;
                    deepest = Math.Max(deepest, below);
                    // The end of a loop leads back to its beginning, which its mark says.
                    if (step.Kind != CacaoStepKind.WhileCondition) exits.AddRange(inner);
                }

                if (Past(step) is { } past)
                {
                    var lane = $"{id}/past";
                    _nodes[lane] = new(lane, null, across++, row);
                    _edges.Add(new(id, lane, past));
                    exits.Add(lane);
                }

                width = Math.Max(width, across - column);
                row = deepest;
            }

            if (step.Kind == CacaoStepKind.End) ends.Add(id);
            var next = step.OnCompletion ?? step.OnSuccess;
            if (next is not null) _edges.AddRange(exits.Select(exit => new FlowEdge(exit, next, "")));
            if (step.OnFailure is { } failed && failed != next) failures.Enqueue((id, failed, row));
            id = next;
        }

        var last = row;
        while (failures.TryDequeue(out var failure))
        {
            _edges.Add(new(failure.From, failure.To, "If it fails"));
            if (_nodes.ContainsKey(failure.To)) continue;
            var (w, below, inner) = Lay(failure.To, column + width, failure.Row);
            (width, last) = (width + w, Math.Max(last, below));
            ends.AddRange(inner);
        }

        return (width, last, ends);
    }

    /// <summary>What a way past the branches is called; null where there is none.</summary>
    private static string? Past(CacaoStep step) => step.Kind switch
    {
        CacaoStepKind.WhileCondition => "No",
        CacaoStepKind.IfCondition when step.Branches.Count == 1 => "No",
        CacaoStepKind.SwitchCondition when CacaoInterpreter.ChoicesOf(step).Contains(CacaoInterpreter.None) && step.Branches.All(branch => branch.Choice != CacaoInterpreter.None) => "None of these",
        _ => null,
    };
}
