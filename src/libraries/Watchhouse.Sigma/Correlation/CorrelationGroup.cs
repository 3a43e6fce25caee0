using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>An event in a group: when, of which of the correlation's rules, and the value that is computed with.</summary>
internal readonly record struct CorrelationItem(long Ticks, long Order, int Source, string? Value, IReadOnlyList<string> References);

/// <summary>
/// The events of one group in order of time. A window is the events from its end back to the timespan, both ends
/// included. In-order arrival keeps running totals; an event that arrives late makes them be counted anew.
/// </summary>
internal sealed class CorrelationGroup(string owner, string key, string[] values)
{
    private readonly Dictionary<string, int> _distinct = [];
    private int _from;
    private double _sum;
    private bool _stale = true;

    public string Owner => owner;

    public string Key => key;

    public string[] Values => values;

    public List<CorrelationItem> Items { get; } = [];

    /// <summary>Ends of windows for which the group has fired, in order.</summary>
    public List<long> Fired { get; } = [];

    /// <summary>Whether the condition held when it was last looked at, in order of time.</summary>
    public bool Held { get; set; }

    /// <summary>Starts of windows whose condition asks for absence, to be decided when they are over.</summary>
    public List<long> Open { get; } = [];

    public long Newest => Items.Count == 0 ? 0 : Items[^1].Ticks;

    /// <summary>Whether the group has fired for a window that ends less than a timespan before or after.</summary>
    public bool HasFiredNear(long ticks, long timespan)
    {
        var at = Fired.BinarySearch(ticks);
        if (at >= 0) return true;
        at = ~at;
        return (at < Fired.Count && Fired[at] - ticks < timespan) || (at > 0 && ticks - Fired[at - 1] < timespan);
    }

    /// <summary>Notes a firing, and forgets those before a time, or the oldest where there are too many.</summary>
    public void NoteFiring(long ticks, long keptFrom, int most)
    {
        var at = Fired.BinarySearch(ticks);
        Fired.Insert(at < 0 ? ~at : at, ticks);
        var old = Fired.BinarySearch(keptFrom);
        old = Math.Max(old < 0 ? ~old : old, Fired.Count - most);
        if (old > 0) Fired.RemoveRange(0, old);
    }

    /// <summary>Puts the item in its place and returns the index.</summary>
    public int Insert(CorrelationItem item)
    {
        var at = Items.Count;
        while (at > 0 && Items[at - 1].Ticks > item.Ticks) at--;
        Items.Insert(at, item);
        if (at < Items.Count - 1) _stale = true;
        else if (!_stale) Enter(item);
        return at;
    }

    /// <summary>Forgets the first so many items.</summary>
    public void RemoveFirst(int count)
    {
        if (count == 0) return;
        Items.RemoveRange(0, count);
        _stale = true;
    }

    /// <summary>Index of the first item at or after a time.</summary>
    public int FirstAt(long ticks)
    {
        var (low, high) = (0, Items.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Items[middle].Ticks < ticks) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>The window that ends with the last item: its first index, distinct values and sum, kept from event to event.</summary>
    public (int From, int Distinct, double Sum) LastWindow(long timespan)
    {
        if (_stale)
        {
            _distinct.Clear();
            (_from, _sum) = (0, 0);
            foreach (var item in Items) Enter(item);
            _stale = false;
        }

        for (var start = Items[^1].Ticks - timespan; Items[_from].Ticks < start; _from++) Leave(Items[_from]);
        return (_from, _distinct.Count, _sum);
    }

    /// <summary>The number that a value is, or null.</summary>
    public static double? Number(string? value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private void Enter(in CorrelationItem item)
    {
        if (item.Value is null) return;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_distinct, item.Value, out _)++;
        _sum += Number(item.Value) ?? 0;
    }

    private void Leave(in CorrelationItem item)
    {
        if (item.Value is null) return;
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_distinct, item.Value);
        if (--count == 0) _distinct.Remove(item.Value);
        _sum -= Number(item.Value) ?? 0;
    }
}
