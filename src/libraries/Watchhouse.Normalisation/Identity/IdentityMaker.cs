using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>Makes identities of events; see <see cref="EventIdentity"/> for how.</summary>
internal sealed class IdentityMaker(NodeWriter nodes)
{
    // Shorter ones are numbers of rows, or what people write into examples.
    private const int ShortestId = 16;

    private readonly JsonBuffer _bytes = new();
    private readonly List<int> _members = [];
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private string _force = "", _source = "";
    private int _headLength, _time;
    private EventRecord _record = null!;

    public IdentityBasis Basis { get; private set; }

    // The node that the event's time was read from counts, even where a collector wrote it.
    public EventIdentity Make(EventRecord record, TablePlan plan, SlotValues slots, int time, string force, string source)
    {
        (_record, _time) = (record, time);
        Head(force, source);
        Basis = TryAddOwnId(plan, slots) ? IdentityBasis.OwnId : IdentityBasis.Content;
        if (Basis == IdentityBasis.Content) AddObject(plan, 0, level: 0);
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

    // Level is that of the plan's paths, or -1 where none of them goes on inside.
    private void AddObject(TablePlan plan, int at, int level)
    {
        var first = _members.Count;
        for (var member = at + 1; member < _record[at].End; member = _record[member].End)
        {
            if (at > 0 || !ReaderNames.IsAdded(_record, _record[member])) _members.Add(member);
        }

        // Where names are equal the order stays: the last one counts, so it says something.
        Sort(first);
        _bytes.Add((byte)'{');
        for (var index = first; index < _members.Count; index++)
        {
            var member = _members[index];
            var name = nodes.PlainName(_record[member]);
            var inner = -1;
            if (level >= 0 && plan.Paths.Find(level, name, NameMap.Hash(name), out var slot, out inner) && slot >= 0 && plan.IsCollector[slot] && member != _time) continue;
            AddText(name);
            AddValue(plan, member, inner);
        }

        _bytes.Add((byte)'}');
        _members.RemoveRange(first, _members.Count - first);
    }

    private void AddValue(TablePlan plan, int at, int level)
    {
        ref readonly var node = ref _record[at];
        switch (node.Kind)
        {
            case EventNodeKind.Mapping: AddObject(plan, at, level); break;
            case EventNodeKind.Sequence:
                _bytes.Add((byte)'[');
                for (var item = at + 1; item < _record[at].End; item = _record[item].End) AddValue(plan, item, -1);
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

    // A few dozen members, often in order from the last event's source: insertion needs no memory and keeps equals in order.
    private void Sort(int first)
    {
        if (_members.Count - first > 64)
        {
            var order = _members.Skip(first).Select(member => (Name: _record.NameText(_record[member]), Node: member))
                .OrderBy(member => Encoding.UTF8.GetBytes(member.Name), Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right))).Select(member => member.Node).ToList();
            _members.RemoveRange(first, _members.Count - first);
            _members.AddRange(order);
            return;
        }

        for (var index = first + 1; index < _members.Count; index++)
        {
            var member = _members[index];
            var to = index;
            while (to > first && Compare(_members[to - 1], member) > 0)
            {
                _members[to] = _members[to - 1];
                to--;
            }

            _members[to] = member;
        }
    }

    private int Compare(int left, int right)
    {
        ref readonly var first = ref _record[left];
        ref readonly var second = ref _record[right];
        if (((first.Flags | second.Flags) & EventNodeFlags.NameEscaped) == 0) return _record.NameOf(first).SequenceCompareTo(_record.NameOf(second));
        return Encoding.UTF8.GetBytes(_record.NameText(first)).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(_record.NameText(second)));
    }
}
