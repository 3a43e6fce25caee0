namespace Watchhouse.Platform.Ui;

/// <summary>One choice of a filter.</summary>
/// <param name="Value">What stands in the address; null for 'all'.</param>
/// <param name="Count">How many rows it leaves, when that is known cheaply.</param>
public sealed record FilterChip(string Title, string? Value, int? Count = null);

/// <summary>A filter with a handful of choices, of which one holds.</summary>
/// <param name="Parameter">The query parameter it is kept in.</param>
/// <param name="Value">The choice in the address now.</param>
public sealed record FilterGroup(string Label, string Parameter, string? Value, IReadOnlyList<FilterChip> Chips);
