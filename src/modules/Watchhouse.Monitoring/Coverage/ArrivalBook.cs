using Watchhouse.Monitoring.Detection;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>What of events of one kind: whose, from which source, of which entry of the log-source table.</summary>
internal readonly record struct ArrivalKey(string Force, string Source, string Entry);

/// <summary>How many, and when the last of them was received.</summary>
internal readonly record struct Arrival(long Events, DateTimeOffset First, DateTimeOffset Last)
{
    public Arrival With(Arrival other) =>
        new(Events + other.Events, First < other.First ? First : other.First, Last > other.Last ? Last : other.Last);
}

/// <summary>Gathers which kinds of events detection has seen, until it is written down.</summary>
internal sealed class ArrivalBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ArrivalKey, Arrival> _page = [];

    public void Note(Harvest harvest) => Add(harvest.Arrived);

    /// <summary>Takes out what is chosen.</summary>
    public IReadOnlyDictionary<ArrivalKey, Arrival> Take(Func<ArrivalKey, bool> chosen)
    {
        lock (_lock)
        {
            var taken = _page.Where(each => chosen(each.Key)).ToDictionary();
            foreach (var key in taken.Keys) _page.Remove(key);
            return taken;
        }
    }

    public void Add(IReadOnlyDictionary<ArrivalKey, Arrival> page)
    {
        if (page.Count == 0) return;
        lock (_lock)
        {
            foreach (var (key, arrival) in page) _page[key] = _page.TryGetValue(key, out var sum) ? sum.With(arrival) : arrival;
        }
    }
}
