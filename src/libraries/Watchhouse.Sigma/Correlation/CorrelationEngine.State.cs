using System.Text;

namespace Watchhouse.Sigma;

/// <summary>The groups that an engine holds: bounded, forgotten when nothing can join them, saved and restored.</summary>
public sealed partial class CorrelationEngine
{
    private const int StateVersion = 1;
    private static readonly long MostTicks = DateTime.MaxValue.Ticks;

    /// <summary>All state as bytes, so that windows outlast a restart.</summary>
    public byte[] Save()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(StateVersion);
        writer.Write(_arrivals);
        writer.Write(_watermarks.Count);
        foreach (var (owner, ticks) in _watermarks)
        {
            writer.Write(owner);
            writer.Write(ticks);
        }

        writer.Write(_programs.Length);
        for (var program = 0; program < _programs.Length; program++)
        {
            writer.Write(_programs[program].Fingerprint);
            writer.Write(_groups[program].Count);
            // In the order of last use, so that the order is the same again.
            foreach (var group in _order[program].Values.SelectMany(order => order)) Write(writer, group);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>
    /// Takes up saved state in an engine that has seen nothing yet. Groups of correlations that are gone or have changed
    /// are counted and left out.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not a saved state, or one of another version.</exception>
    public void Restore(byte[] state)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(state), Encoding.UTF8);
            if (reader.ReadInt32() != StateVersion) throw new InvalidDataException("The saved correlation state is of another version.");
            _arrivals = reader.ReadInt64();
            for (var left = reader.ReadInt32(); left > 0; left--) _watermarks[reader.ReadString()] = reader.ReadInt64();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var fingerprint = reader.ReadString();
                var program = Array.FindIndex(_programs, each => each.Fingerprint == fingerprint);
                for (var groups = reader.ReadInt32(); groups > 0; groups--)
                {
                    if (!ReadGroup(reader, program)) _counters = _counters with { GroupsNotRestored = _counters.GroupsNotRestored + 1 };
                }
            }
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException or InvalidDataException)
        {
            // Half a state would be worse than none.
            foreach (var groups in _groups) groups.Clear();
            foreach (var order in _order) order.Clear();
            _watermarks.Clear();
            (_events, _arrivals, _counters) = (0, 0, new());
            if (e is InvalidDataException) throw;
            throw new InvalidDataException("The saved correlation state is damaged.", e);
        }
    }

    private CorrelationGroup GroupFor(int program, string owner, string[] values)
    {
        var key = Key([owner, .. values]);
        if (!_order[program].TryGetValue(owner, out var order)) _order[program].Add(owner, order = new());
        if (_groups[program].TryGetValue(key, out var known))
        {
            order.Remove(known.Node);
            order.AddLast(known.Node);
            return known.Node.Value;
        }

        if (order.Count >= _options.GroupsPerOwner)
        {
            Remove(program, order.First!);
            _counters = _counters with { GroupsDropped = _counters.GroupsDropped + 1 };
        }

        var node = order.AddLast(new CorrelationGroup(owner, key, values));
        _groups[program].Add(key, (node, program));
        return node.Value;
    }

    private void Remove(int program, LinkedListNode<CorrelationGroup> node)
    {
        _events -= node.Value.Items.Count;
        _groups[program].Remove(node.Value.Key);
        node.List!.Remove(node);
    }

    // Returns how many items went from the front: those that no window can hold any more, and those above the bound.
    private int Trim(int program, CorrelationGroup group, string owner)
    {
        var count = 0;
        if (_watermarks.TryGetValue(owner, out var watermark) && watermark > _options.Lateness.Ticks + _programs[program].Rule.Timespan.Ticks)
            count = group.FirstAt(watermark - _options.Lateness.Ticks - _programs[program].Rule.Timespan.Ticks);
        // Small steps would make each of them cost as much as a large one.
        if (count < group.Items.Count / 2) count = 0;
        if (group.Items.Count - count > _options.EventsPerGroup)
        {
            var dropped = Math.Max(1, _options.EventsPerGroup / 10);
            count += dropped;
            _counters = _counters with { EventsDropped = _counters.EventsDropped + dropped };
        }

        group.RemoveFirst(count);
        _events -= count;
        return count;
    }

    private static void Write(BinaryWriter writer, CorrelationGroup group)
    {
        writer.Write(group.Owner);
        writer.Write(group.Values.Length);
        foreach (var value in group.Values) writer.Write(value);
        writer.Write(group.Held);
        writer.Write(group.Fired.Count);
        foreach (var fired in group.Fired) writer.Write(fired);
        writer.Write(group.Open.Count);
        foreach (var open in group.Open) writer.Write(open);
        writer.Write(group.Items.Count);
        foreach (var item in group.Items)
        {
            writer.Write(item.Ticks);
            writer.Write(item.Order);
            writer.Write(item.Source);
            writer.Write(item.Value is not null);
            if (item.Value is not null) writer.Write(item.Value);
            writer.Write(item.References.Count);
            foreach (var reference in item.References) writer.Write(reference);
        }
    }

    private bool ReadGroup(BinaryReader reader, int program)
    {
        var owner = reader.ReadString();
        var values = Many(reader, each => each.ReadString());
        var held = reader.ReadBoolean();
        var fired = Many(reader, each => each.ReadInt64());
        var open = Many(reader, each => each.ReadInt64());
        var items = Many(reader, each => new CorrelationItem(
            each.ReadInt64(), each.ReadInt64(), each.ReadInt32(), each.ReadBoolean() ? each.ReadString() : null, Many(each, inner => inner.ReadString())));
        if (Array.Exists(items, item => item.Ticks < 0 || item.Ticks > MostTicks) || Array.Exists(fired, ticks => ticks < 0 || ticks > MostTicks))
            throw new InvalidDataException("The saved correlation state is damaged: a time in it is out of range.");
        if (program < 0 || values.Length != _programs[program].Rule.GroupBy.Count || Array.Exists(items, item => item.Source < 0 || item.Source >= _programs[program].SourceCount)) return false;
        var group = GroupFor(program, owner, values);
        group.Held = held;
        group.Fired.AddRange(fired);
        group.Open.AddRange(open);
        foreach (var item in items) group.Insert(item);
        _events += items.Length;
        return true;
    }

    private static T[] Many<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var many = new List<T>();
        for (var left = reader.ReadInt32(); left > 0; left--) many.Add(read(reader));
        return [.. many];
    }
}
