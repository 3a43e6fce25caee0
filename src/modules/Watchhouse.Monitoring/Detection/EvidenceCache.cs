namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// The latest events that correlations wait with, by id. Correlations remember ids alone, so that their state stays small;
/// what has left the cache is named by a firing without its bytes.
/// </summary>
internal sealed class EvidenceCache
{
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly Dictionary<Guid, Evidence> _byId = [];
    private readonly Queue<Guid> _order = new();
    private long _bytes;

    public void Add(Evidence evidence)
    {
        if (!_byId.TryAdd(evidence.Id, evidence)) return;
        _order.Enqueue(evidence.Id);
        _bytes += Size(evidence);
        while (_bytes > MostBytes && _order.TryDequeue(out var oldest))
        {
            if (_byId.Remove(oldest, out var gone)) _bytes -= Size(gone);
        }
    }

    /// <summary>The event that a reference names; without bytes where it is no longer here.</summary>
    public Evidence Find(string reference)
    {
        var parts = reference.Split(' ', 3);
        var id = Guid.ParseExact(parts[0], "N");
        return _byId.GetValueOrDefault(id)
            ?? new(id, "", new DateTimeOffset(long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero), parts[2], [], IsCut: true);
    }

    /// <summary>How a correlation refers to an event.</summary>
    public static string Reference(Evidence evidence) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{evidence.Id:N} {evidence.At.UtcTicks} {evidence.Source}");

    private static long Size(Evidence evidence) => evidence.Raw.Length + 200;
}
