namespace Watchhouse.Lake.Writing;

/// <summary>What one packed file is made of: the owner, the table and the UTC day.</summary>
internal readonly record struct GroupKey(string Owner, string Table, DateOnly Day);

/// <summary>The rows that wait to become one file.</summary>
internal sealed class RowGroup(GroupKey key, long before, long openedAt) : IDisposable
{
    public GroupKey Key { get; } = key;

    /// <summary>Position of the journal that was complete before the first of these rows came.</summary>
    public long Before { get; } = before;

    /// <summary>Timestamp of the clock when the first row came.</summary>
    public long OpenedAt { get; } = openedAt;

    public long FromPosition { get; set; }

    public long ToPosition { get; set; }

    public RowArena Arena { get; } = new();

    public void Dispose() => Arena.Dispose();
}
