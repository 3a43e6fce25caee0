using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Reading;

/// <summary>The registered consumers, a file each.</summary>
internal sealed class ConsumerList : IDisposable
{
    private const string Extension = ".consumer";

    private readonly string _directory;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Consumer> _consumers = new(StringComparer.Ordinal);

    private JournalPosition _floor;

    private ConsumerList(string directory) => _directory = directory;

    public static ConsumerList Load(string directory)
    {
        var list = new ConsumerList(directory);
        try
        {
            foreach (var path in Directory.EnumerateFiles(directory, "*" + Extension))
            {
                var name = Path.GetFileNameWithoutExtension(path);
                list._consumers.Add(name, Consumer.Load(path, name));
            }
        }
        catch
        {
            list.Dispose();
            throw;
        }

        return list;
    }

    /// <summary>The consumer, registered if need be, with its reader now open.</summary>
    public Consumer Open(string name, CommitRecord durable)
    {
        Check(name);
        lock (_gate)
        {
            if (!_consumers.TryGetValue(name, out var consumer))
                _consumers[name] = consumer = Consumer.Register(
                    PathOf(name), name, _floor > durable.Begin ? _floor : durable.Begin);
            if (consumer.HasReader)
                throw new InvalidOperationException($"The consumer '{name}' has an open reader; a consumer has one.");
            CheckPlace(consumer, durable);
            consumer.HasReader = true;
            return consumer;
        }
    }

    public void Close(Consumer consumer)
    {
        lock (_gate)
            consumer.HasReader = false;
    }

    public bool Remove(string name)
    {
        Check(name);
        lock (_gate)
        {
            if (!_consumers.TryGetValue(name, out var consumer))
                return false;
            if (consumer.HasReader)
                throw new InvalidOperationException($"The consumer '{name}' has an open reader; close it first.");
            File.Delete(PathOf(name));
            DirectoryFlush.Flush(_directory);
            _consumers.Remove(name);
            consumer.Dispose();
            return true;
        }
    }

    /// <summary>Whether all consumers are past the segment in which the log begins.</summary>
    public bool CanTruncate(CommitRecord durable) => Slowest(durable) is not null;

    /// <summary>
    /// Where the log may begin: the place of the slowest consumer if that frees a segment, else where it begins now.
    /// Whoever registers from here on starts there. Without consumers everything is kept.
    /// </summary>
    public JournalPosition Truncate(CommitRecord durable)
    {
        lock (_gate)
            return Slowest(durable) is { } slowest ? _floor = slowest : durable.Begin;
    }

    public IReadOnlyList<JournalConsumerStatus> Status(JournalPosition tail)
    {
        lock (_gate)
            return [.. _consumers.Values.Select(c => c.Status(tail))];
    }

    public void Dispose()
    {
        foreach (var consumer in _consumers.Values)
            consumer.Dispose();
    }

    private JournalPosition? Slowest(CommitRecord durable)
    {
        lock (_gate)
        {
            if (_consumers.Count == 0)
                return null;
            var slowest = _consumers.Values.Min(c => c.Committed);
            var geometry = durable.Geometry;
            return geometry.Segment(slowest.Address) > geometry.Segment(durable.Begin.Address) ? slowest : null;
        }
    }

    private static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > 40 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            throw new ArgumentException(
                $"The name of a consumer has 1 to 40 lower-case letters, digits and hyphens, unlike '{name}'.", nameof(name));
    }

    private void CheckPlace(Consumer consumer, CommitRecord durable)
    {
        var place = consumer.Committed;
        if (place < durable.Begin || place > durable.Tail)
            throw new JournalCorruptException(
                $"The consumer '{consumer.Name}' stands after batch {place.Sequence} and the journal holds batches "
                + $"{durable.Begin.Sequence + 1} to {durable.Tail.Sequence}: one of them came from a copy. "
                + $"Restore both, or delete {PathOf(consumer.Name)} to read all again.");
    }

    private string PathOf(string name) => Path.Combine(_directory, name + Extension);
}
