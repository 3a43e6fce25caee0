using System.Buffers.Binary;
using System.Globalization;

namespace Watchhouse.Normalisation;

/// <summary>What an event's identity was made from.</summary>
public enum IdentityBasis : byte
{
    /// <summary>The id that its source gave it.</summary>
    OwnId = 1,

    /// <summary>All of its content.</summary>
    Content = 2,
}

/// <summary>
/// The identity of an event within its force and source: the same event that comes twice has the same one, whichever way its
/// members are ordered and its numbers and white space are written.
/// </summary>
/// <remarks>
/// 128 bits: the version of this scheme in the first byte, then the first 120 bits of SHA-256 over, in this order, the version, the
/// basis (<see cref="IdentityBasis"/>), force and source as texts, and either the texts of the event's own id or the event's canonical
/// form. A text is its length in bytes (32 bits, little end first) and its UTF-8. The canonical form follows RFC 8785 in what it
/// does not let matter, but is made of bytes: an object is {, for each member in the order of its name's bytes the name as a text
/// and the value, and }; an array is [, the values, and ]; a string is s and a text; a number is n and its
/// exact decimal value as a text; true, false and null are t, f and z. What collectors and readers add is left out. A change of any
/// of this is a new version.
/// </remarks>
/// <param name="Value">The 128 bits; the first byte is the highest.</param>
public readonly record struct EventIdentity(UInt128 Value) : IComparable<EventIdentity>
{
    /// <summary>The version of the scheme that this library makes.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>The version of the scheme by which it was made.</summary>
    public byte Version => (byte)(Value >> 120);

    /// <summary>Reads 16 bytes as <see cref="Write"/> writes them.</summary>
    public static EventIdentity Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is not 32 hexadecimal digits.</exception>
    public static EventIdentity Parse(string text) =>
        text is { Length: 32 } && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        ? new(value)
        : throw new FormatException("An identity of an event is 32 hexadecimal digits.");

    /// <summary>Writes 16 bytes, the version first.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <inheritdoc/>
    public int CompareTo(EventIdentity other) => Value.CompareTo(other.Value);

    /// <summary>Order of the values.</summary>
    public static bool operator <(EventIdentity left, EventIdentity right) => left.Value < right.Value;

    /// <summary>Order of the values.</summary>
    public static bool operator >(EventIdentity left, EventIdentity right) => left.Value > right.Value;

    /// <summary>Order of the values.</summary>
    public static bool operator <=(EventIdentity left, EventIdentity right) => left.Value <= right.Value;

    /// <summary>Order of the values.</summary>
    public static bool operator >=(EventIdentity left, EventIdentity right) => left.Value >= right.Value;

    /// <summary>32 hexadecimal digits in lower case.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
