namespace Watchhouse.Telemetry;

/// <summary>What a message turned out to hold.</summary>
internal enum InnerKind
{
    None,
    Json,
    Other,
}

/// <summary>Formats that travel inside the message of another: their fields lie beside those of the carrier.</summary>
internal static class InnerFormat
{
    public static InnerKind TryAdd(EventRecord record, ReadOnlySpan<byte> message, LineContext context)
    {
        if (message.Length < 2) return InnerKind.None;
        switch (message[0])
        {
            case (byte)'{':
                return record.TryLift(message.TrimEnd(" \t\r\n"u8), context.Limits) ? InnerKind.Json : InnerKind.None;
            case (byte)'@' when message.StartsWith("@cee:"u8):
                return record.TryLift(message[5..].Trim(" \t\r\n"u8), context.Limits) ? InnerKind.Json : InnerKind.None;
            case (byte)'C' when message.StartsWith("CEF:"u8):
                return CefLine.TryParse(record, message, context) ? InnerKind.Other : InnerKind.None;
            case (byte)'L' when message.StartsWith("LEEF:"u8):
                return LeefLine.TryParse(record, message, context) ? InnerKind.Other : InnerKind.None;
            case (byte)'t' or (byte)'n' when AuditdLine.Fits(message):
                return AuditdLine.TryParse(record, message, context) ? InnerKind.Other : InnerKind.None;
            default:
                return InnerKind.None;
        }
    }
}
