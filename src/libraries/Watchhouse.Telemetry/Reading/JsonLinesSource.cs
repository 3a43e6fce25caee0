namespace Watchhouse.Telemetry;

/// <summary>
/// JSON Lines: one object a line. Blocks are cut at line feeds and hold whole lines, so that threads need not talk. A
/// line longer than the limit is passed over without being kept.
/// </summary>
internal sealed class JsonLinesSource(Stream stream, ReadLimits limits) : LineSource(stream, limits)
{
    public override string Format => "JSON lines";

    public override EventParser CreateParser() => new JsonLinesParser(Limits);
}

/// <summary>Parses blocks of JSON lines. Blank lines count as lines and are no events.</summary>
internal sealed class JsonLinesParser(ReadLimits limits) : LineParser(limits)
{
    private readonly JsonItemParser _items = new(limits);

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        while (true)
        {
            if (_items.TryNext(record, out reason)) return reason is null ? ParseOutcome.Event : ParseOutcome.Rejected;
            var outcome = base.Next(record, out reason);
            if (outcome != ParseOutcome.Rejected || !ReferenceEquals(reason, JsonItemParser.ListMark)) return outcome;
        }
    }

    protected override string? Parse(EventRecord record, byte[] source, int start, int length, long position) =>
        _items.Parse(record, source, start, length, position);
}
