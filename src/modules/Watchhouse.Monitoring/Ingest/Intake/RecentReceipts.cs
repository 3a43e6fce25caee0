namespace Watchhouse.Monitoring.Ingest.Intake;

/// <summary>The latest answers to requests that bore a key, so that a repeat is not written again.</summary>
internal sealed class RecentReceipts
{
    private const int Most = 4096;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Receipt> _byId = [];
    private readonly Queue<Guid> _order = new();

    public Receipt? Find(Guid id)
    {
        lock (_lock) return _byId.GetValueOrDefault(id);
    }

    public void Keep(Receipt receipt)
    {
        lock (_lock)
        {
            if (!_byId.TryAdd(receipt.BatchId, receipt)) return;
            _order.Enqueue(receipt.BatchId);
            if (_order.Count > Most) _byId.Remove(_order.Dequeue());
        }
    }
}
