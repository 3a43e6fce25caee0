using System.Runtime.InteropServices;

namespace Watchhouse.Telemetry;

/// <summary>What a node of an event holds; the kinds of RFC 8259, section 3.</summary>
public enum EventNodeKind : byte
{
    /// <summary>An object: its members are the nodes up to <see cref="EventNode.End"/>.</summary>
    Mapping,

    /// <summary>An array: its items are the nodes up to <see cref="EventNode.End"/>, and bear no name.</summary>
    Sequence,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number, as it was written.</summary>
    Number,

    /// <summary>The word true.</summary>
    True,

    /// <summary>The word false.</summary>
    False,

    /// <summary>The word null.</summary>
    Null,
}

/// <summary>Where the bytes of a node lie and how they are to be read.</summary>
[Flags]
public enum EventNodeFlags : byte
{
    /// <summary>Plain UTF-8 in the source bytes.</summary>
    None = 0,

    /// <summary>The name holds JSON escapes.</summary>
    NameEscaped = 1,

    /// <summary>The value holds JSON escapes.</summary>
    ValueEscaped = 2,

    /// <summary>The name lies in the record's own bytes instead of in the source.</summary>
    NameOwned = 4,

    /// <summary>The value lies in the record's own bytes instead of in the source.</summary>
    ValueOwned = 8,

    /// <summary>The name lies in the bytes that the reader shares between events.</summary>
    NameShared = 16,

    /// <summary>The value lies in the bytes that the reader shares between events.</summary>
    ValueShared = 32,
}

/// <summary>
/// One node of an event. An event is a list of nodes in document order (pre-order): the root object first, then each
/// member with all that is inside it. Offsets and lengths are in bytes. For objects and arrays the value is the whole
/// JSON text where the source is JSON, and empty where a reader built the event.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct EventNode : IEquatable<EventNode>
{
    /// <summary>Start of the name; its length is zero for the root and for items of an array.</summary>
    public int NameStart;

    /// <summary>Length of the name.</summary>
    public int NameLength;

    /// <summary>Start of the value, without quotation marks.</summary>
    public int ValueStart;

    /// <summary>Length of the value, without quotation marks.</summary>
    public int ValueLength;

    /// <summary>Index of the first node after this one and everything inside it.</summary>
    public int End;

    /// <summary>What the node holds.</summary>
    public EventNodeKind Kind;

    /// <summary>How its bytes are to be read.</summary>
    public EventNodeFlags Flags;

    /// <summary>True for an object or an array.</summary>
    public readonly bool IsContainer => Kind <= EventNodeKind.Sequence;

    /// <inheritdoc/>
    public readonly bool Equals(EventNode other) =>
        (NameStart, NameLength, ValueStart, ValueLength, End, Kind, Flags)
        == (other.NameStart, other.NameLength, other.ValueStart, other.ValueLength, other.End, other.Kind, other.Flags);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is EventNode other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(NameStart, ValueStart, End, Kind);

    /// <summary>Equality of all parts.</summary>
    public static bool operator ==(EventNode left, EventNode right) => left.Equals(right);

    /// <summary>Inequality of any part.</summary>
    public static bool operator !=(EventNode left, EventNode right) => !left.Equals(right);
}
