namespace Watchhouse.Telemetry;

/// <summary>What line parsers know besides the line.</summary>
/// <param name="Limits">Bounds.</param>
/// <param name="Reference">
/// A moment not long before which the lines were written, such as the file's last change: it gives the year to times that
/// lack one (RFC 3164). Null leaves such times out.
/// </param>
internal sealed record LineContext(ReadLimits Limits, DateTimeOffset? Reference)
{
    /// <summary>True when a record holds as many values as it may.</summary>
    public bool IsFull(EventRecord record) => record.NodeCount >= Limits.Nodes;
}
