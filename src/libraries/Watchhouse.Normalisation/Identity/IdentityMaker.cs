using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>Makes identities of events; see <see cref="EventIdentity"/> for how.</summary>
internal sealed class IdentityMaker(NodeWriter nodes) : IComparer<IdentityMaker.Member>
{
    // Shorter ones are numbers of rows, or what people write into examples.
    private const int ShortestId = 16;

    private readonly JsonBuffer _bytes = new();
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private string _force = "", _source = "";
    private int _headLength, _count;
    private Member[] _members = new Member[256];
    private bool[] _isLeftOut = [];
    private EventRecord _record = null!;

    public IdentityBasis Basis { get; private set; }

    /// <summary>Makes the identity; what collectors and readers have added is left out.</summary>
    public EventIdentity Make(EventRecord record, bool[] isLeftOut, TablePlan plan, SlotValues slots, string force, string source)
    {
        (_record, _isLeftOut, _count) = (record, isLeftOut, 0);
        Head(force, source);
        Basis = TryAddOwnId(plan, slots) ? IdentityBasis.OwnId : IdentityBasis.Content;
        if (Basis == IdentityBasis.Content) AddObject(0);
        _bytes.Bytes[1] = (byte)Basis;
        SHA256.HashData(_bytes.Written, _hash);
        return new((BinaryPrimitives.ReadUInt128BigEndian(_hash) >> 8) | ((UInt128)EventIdentity.CurrentVersion << 120));
    }

    private void Head(string force, string source)
    {
        if (_headLength == 0 || !ReferenceEquals(force, _force) || !ReferenceEquals(source, _source))
        {
            _bytes.Clear();
            _bytes.Add(EventIdentity.CurrentVersion);
            _bytes.Add(0);
            AddText(Encoding.UTF8.GetBytes(force));
            AddText(Encoding.UTF8.GetBytes(source));
            (_force, _source, _headLength) = (force, source, _bytes.Length);
        }

        _bytes.Truncate(_headLength);
    }

    private bool TryAddOwnId(TablePlan plan, SlotValues slots)
    {
        foreach (var alternative in plan.Ids)
        {
            var length = 0;
            foreach (var slot in alternative)
            {
                if (slots[slot] is var at && (at == 0 || _record[at].Kind is not (EventNodeKind.Text or EventNodeKind.Number)))
                {
                    length = -1;
                    break;
                }

                var value = nodes.PlainValue(_record[at]);
                length += value.Length;
                AddText(value);
            }

            if (length >= ShortestId) return true;
            _bytes.Truncate(_headLength);
        }

        return false;
    }

    private void AddObject(int at)
    {
        var first = _count;
        for (var member = at + 1; member < _record[at].End; member = _record[member].End)
        {
            if (_isLeftOut[member]) continue;
            if (_count == _members.Length) Array.Resize(ref _members, _count * 2);
            _members[_count++] = new(Prefix(_record[member]), member);
        }

        Sort(_members.AsSpan(first, _count - first));
        var end = _count;
        _bytes.Add((byte)'{');
        for (var index = first; index < end; index++)
        {
            var member = _members[index].Node;
            AddText(nodes.PlainName(_record[member]));
            AddValue(member);
        }

        _bytes.Add((byte)'}');
        _count = first;
    }

    private void AddValue(int at)
    {
        ref readonly var node = ref _record[at];
        switch (node.Kind)
        {
            case EventNodeKind.Mapping: AddObject(at); break;
            case EventNodeKind.Sequence:
                _bytes.Add((byte)'[');
                for (var item = at + 1; item < _record[at].End; item = _record[item].End) AddValue(item);
                _bytes.Add((byte)']');
                break;
            case EventNodeKind.Text:
                _bytes.Add((byte)'s');
                AddText(nodes.PlainValue(node));
                break;
            case EventNodeKind.Number:
                _bytes.Add((byte)'n');
                AddNumber(_record.ValueOf(node));
                break;
            case EventNodeKind.True: _bytes.Add((byte)'t'); break;
            case EventNodeKind.False: _bytes.Add((byte)'f'); break;
            default: _bytes.Add((byte)'z'); break;
        }
    }

    private void AddNumber(ReadOnlySpan<byte> number)
    {
        var room = _bytes.Reserve(CanonicalNumber.Room(number) + 4);
        var length = CanonicalNumber.Write(number, room[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(room, length);
        _bytes.Commit(length + 4);
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        var room = _bytes.Reserve(text.Length + 4);
        BinaryPrimitives.WriteInt32LittleEndian(room, text.Length);
        text.CopyTo(room[4..]);
        _bytes.Commit(text.Length + 4);
    }

    // By the bytes of the names; where names are equal the order stays, because the last one counts.
    private void Sort(Span<Member> members)
    {
        if (members.Length > 48)
        {
            members.Sort(this);
            return;
        }

        for (var index = 1; index < members.Length; index++)
        {
            var member = members[index];
            var to = index;
            for (; to > 0 && Compare(members[to - 1], member) > 0; to--) members[to] = members[to - 1];
            members[to] = member;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Compare(Member x, Member y) => x.Prefix != y.Prefix ? x.Prefix < y.Prefix ? -1 : 1 : CompareWhole(x.Node, y.Node);

    private int CompareWhole(int left, int right)
    {
        ref readonly var first = ref _record[left];
        ref readonly var second = ref _record[right];
        var order = ((first.Flags | second.Flags) & EventNodeFlags.NameEscaped) == 0
            ? _record.NameOf(first).SequenceCompareTo(_record.NameOf(second))
            : Encoding.UTF8.GetBytes(_record.NameText(first)).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(_record.NameText(second)));
        return order != 0 ? order : left.CompareTo(right);
    }

    // The first eight bytes of a name as a number that is ordered like them: it decides nearly always.
    private ulong Prefix(in EventNode node)
    {
        var name = nodes.PlainName(node);
        if (name.Length >= 8) return BinaryPrimitives.ReadUInt64BigEndian(name);
        ulong prefix = 0;
        for (var at = 0; at < name.Length; at++) prefix |= (ulong)name[at] << (56 - (8 * at));
        return prefix;
    }

    /// <summary>A member of an object, to be put in order.</summary>
    internal readonly record struct Member(ulong Prefix, int Node);
}
