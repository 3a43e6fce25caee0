namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// Ids of the latest batches. A sender that got no answer sends again under the same id, and the journal may then hold the
/// batch twice: it is looked at once. Bounded; a repeat after that makes no second alert either, but may be counted again.
/// </summary>
internal sealed class RecentBatches
{
    private const int Most = 16_384;

    private readonly HashSet<Guid> _ids = [];
    private readonly Queue<Guid> _order = new();

    public bool IsNew(Guid id)
    {
        if (!_ids.Add(id)) return false;
        _order.Enqueue(id);
        if (_order.Count > Most) _ids.Remove(_order.Dequeue());
        return true;
    }
}
