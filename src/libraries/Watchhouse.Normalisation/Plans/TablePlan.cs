namespace Watchhouse.Normalisation;

/// <summary>A column that a value in a slot may go to; the candidate with the lowest rank is taken first.</summary>
internal readonly record struct Target(int Column, int Rank);

/// <summary>A column as it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prefix">Its name as a member of JSON: quoted, with the colon.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Values">Translation of its values, where it has one.</param>
internal sealed record ColumnPlan(string Name, byte[] Prefix, ColumnKind Kind, ValueMap? Values);

/// <summary>A column that is filled where the record has nothing for it: with one of the templates, or with a constant.</summary>
internal sealed record FillPlan(int Column, Template[] Templates, byte[] Constant);

/// <summary>An entity and the templates of which the first that gives a value is taken.</summary>
internal sealed record EntityPlan(EntityKind Kind, EntityRole Role, Template[] Templates);

/// <summary>The column for what is left over. Inner is the slot of the object whose members it takes, or -1 for the root's.</summary>
internal sealed record RestPlan(int Column, RestForm Form, int Inner);

/// <summary>A mapping, compiled: what the walk over a record needs to make a row of it.</summary>
internal sealed class TablePlan
{
    public required string Mapping { get; init; }

    public required TableSchema Schema { get; init; }

    public required PathTree Paths { get; init; }

    /// <summary>The columns; TimeGenerated is the first and Type the second.</summary>
    public required ColumnPlan[] Columns { get; init; }

    /// <summary>For each slot the columns that its value may go to.</summary>
    public required Target[][] Targets { get; init; }

    /// <summary>Slots whose values have a column besides the row's time.</summary>
    public required bool[] IsColumn { get; init; }

    /// <summary>Slots of what collectors add.</summary>
    public required bool[] IsCollector { get; init; }

    /// <summary>Slots of members that the rest does not take.</summary>
    public required bool[] IsKept { get; init; }

    public required FillPlan[] Fills { get; init; }

    public required EntityPlan[] Entities { get; init; }

    public required RestPlan? Rest { get; init; }

    /// <summary>Alternatives of slots that together are the event's own id.</summary>
    public required int[][] Ids { get; init; }

    /// <summary>The beginning of each row's columns: the constant member Type.</summary>
    public required byte[] TypeMember { get; init; }
}

/// <summary>A translation of values, by their bytes and whatever their capitals.</summary>
internal sealed class ValueMap
{
    private readonly NameMap _from;
    private readonly byte[][] _to;

    public ValueMap(ValueTable table)
    {
        var entries = table.Values.ToList();
        _from = new([.. entries.Select(entry => entry.Key.ToLowerInvariant())]);
        _to = [.. entries.Select(entry => System.Text.Encoding.UTF8.GetBytes(entry.Value))];
        IsStrict = table.IsStrict;
    }

    public bool IsStrict { get; }

    public bool TryGet(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> to)
    {
        to = default;
        if (value.Length > 64) return false;
        Span<byte> lower = stackalloc byte[64];
        if (System.Text.Ascii.ToLower(value, lower, out var length) != System.Buffers.OperationStatus.Done) return false;
        var at = _from.Find(lower[..length], NameMap.Hash(lower[..length]));
        if (at < 0) return false;
        to = _to[at];
        return true;
    }
}
