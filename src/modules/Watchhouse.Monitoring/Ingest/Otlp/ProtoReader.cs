using System.Buffers.Binary;

namespace Watchhouse.Monitoring.Ingest.Otlp;

/// <summary>The bytes are not the message that they should be.</summary>
internal sealed class ProtoException(string message) : Exception(message);

/// <summary>
/// Reads the wire format of protocol buffers, field by field: just what the messages of OpenTelemetry's logs need. Pure.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _wire;

    /// <summary>Number of the field that was come to.</summary>
    public int Field { get; private set; }

    public bool Next()
    {
        if (_at >= _bytes.Length) return false;
        var tag = Varint();
        (Field, _wire) = ((int)(tag >> 3), (int)(tag & 7));
        if (tag >> 3 is 0 or > 536_870_911) throw new ProtoException("A field has no valid number.");
        return true;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Demand(2);
        var length = Varint();
        if (length > (ulong)(_bytes.Length - _at)) throw new ProtoException("A field is longer than its message.");
        var value = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return value;
    }

    public ulong UInt()
    {
        Demand(0);
        return Varint();
    }

    public ulong Fixed64()
    {
        Demand(1);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    public uint Fixed32()
    {
        Demand(5);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    /// <summary>Passes over a field that is not known here; newer senders may have some.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Bytes(); break;
            case 5: Take(4); break;
            default: throw new ProtoException("A field has a wire type that is not used.");
        }
    }

    private readonly void Demand(int wire)
    {
        if (_wire != wire) throw new ProtoException($"Field {Field} has wire type {_wire} where {wire} belongs.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_bytes.Length - _at < count) throw new ProtoException("The message breaks off.");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _bytes.Length) throw new ProtoException("The message breaks off.");
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new ProtoException("A number is longer than ten bytes.");
    }
}
