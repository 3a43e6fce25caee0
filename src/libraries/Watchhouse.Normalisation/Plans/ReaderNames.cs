using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>
/// Members that the readers of Watchhouse.Telemetry add to help rules, and that say again what the record says elsewhere: they are
/// neither columns nor part of an event's identity.
/// </summary>
internal static class ReaderNames
{
    public static bool IsAdded(EventRecord record, in EventNode node)
    {
        if ((node.Flags & EventNodeFlags.NameOwned) == 0 || node.NameLength < 5) return false;
        var name = record.NameOf(node);
        if (name[0] != (byte)'_') return false;
        return name.StartsWith("_extended."u8) || name.StartsWith("_modified."u8) || name.SequenceEqual("_outcome"u8)
            || name.SequenceEqual("_activity"u8) || name.SequenceEqual("_provider"u8) || name.SequenceEqual("_protocol"u8)
            || name.SequenceEqual("_places"u8) || name.SequenceEqual("_kind"u8);
    }
}
