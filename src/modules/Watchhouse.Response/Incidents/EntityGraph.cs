namespace Watchhouse.Response.Incidents;

/// <summary>An alert, or whom or what it is about, in the drawing. Columns and rows count from 0.</summary>
internal sealed record GraphNode(string Key, string Kind, string Text, int Column, int Row);

/// <summary>
/// Alerts at the left, whom and what they name at the right, and a line where an alert names one. Pure, and always the same for the
/// same incident: alerts stand by time, the others by the first alert that names them.
/// </summary>
internal sealed record EntityGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<(GraphNode From, GraphNode To)> Edges, int Left)
{
    public const int MostRows = 24;

    /// <summary>How many rows the drawing needs.</summary>
    public int Rows => Nodes.Count == 0 ? 0 : Nodes.Max(node => node.Row) + 1;

    public static EntityGraph Of(IncidentModel model)
    {
        // Alerts of one title about one thing are one node: an incident of two hundred is read, not counted.
        var alerts = model.Alerts.GroupBy(alert => (alert.Title, alert.EntityKind, alert.Entity)).Select(group => (group.Key, Count: group.Count(), First: group.Min(alert => alert.FirstAt)))
            .OrderBy(each => each.First).ThenBy(each => each.Key.Title, StringComparer.Ordinal).ThenBy(each => each.Key.Entity, StringComparer.Ordinal).ToList();
        var left = Math.Max(0, alerts.Count - MostRows);
        var nodes = new List<GraphNode>();
        var things = new Dictionary<(string Kind, string Value), GraphNode>();
        var edges = new List<(GraphNode, GraphNode)>();
        foreach (var (key, count, _) in alerts.Take(MostRows))
        {
            var alert = new GraphNode($"a{nodes.Count}", "alert", count == 1 ? key.Title : $"{key.Title} ({count})", 0, nodes.Count(node => node.Column == 0));
            nodes.Add(alert);
            edges.Add((alert, Thing(key.EntityKind, key.Entity)));
        }

        foreach (var entity in model.Entities)
        {
            if (things.Count >= MostRows && !things.ContainsKey((entity.Kind, entity.Value))) left++;
            else Thing(entity.Kind, entity.Value);
        }

        return new(nodes, edges, left);

        GraphNode Thing(string kind, string value)
        {
            if (things.TryGetValue((kind, value), out var known)) return known;
            var made = new GraphNode($"e{things.Count}", kind, value, 1, things.Count);
            things.Add((kind, value), made);
            nodes.Add(made);
            return made;
        }
    }
}
