namespace Watchhouse.Monitoring.Demonstration;

/// <summary>A line of a source, as its shipper sends it.</summary>
/// <param name="Force">Whose it is.</param>
/// <param name="Source">The source.</param>
/// <param name="At">When it happened; the line says the same.</param>
/// <param name="Table">The table that it belongs into.</param>
/// <param name="Line">The line, without a line feed.</param>
internal sealed record DemoEvent(DemoForce Force, DemoSource Source, DateTimeOffset At, string Table, string Line);
