namespace Watchhouse.Sigma;

/// <summary>An atom of the program: a literal of a field, or the field's presence.</summary>
/// <param name="Field">Number of the field.</param>
/// <param name="Shape">Where the literal must stand; <see cref="PatternShape.Everything"/> for presence.</param>
/// <param name="Text">The literal, folded.</param>
/// <param name="Mark">Where its rarest four bytes begin.</param>
internal readonly record struct ProgramAtom(int Field, PatternShape Shape, byte[] Text, int Mark);

/// <summary>The atoms of all rules, each numbered once: what rules share is watched for once.</summary>
internal sealed class AtomTable
{
    private readonly Dictionary<Key, int> _numbers = [];
    private readonly List<Key> _keys = [];
    private ProgramAtom[] _atoms = [];

    // The literal's bytes decide, not the array that holds them.
    private readonly record struct Key(int Field, PatternShape Shape, byte[] Text)
    {
        public bool Equals(Key other) => Field == other.Field && Shape == other.Shape && Text.AsSpan().SequenceEqual(other.Text);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Field);
            hash.Add((int)Shape);
            hash.AddBytes(Text);
            return hash.ToHashCode();
        }
    }

    /// <summary>The atoms by number, after <see cref="Freeze"/>.</summary>
    public ProgramAtom[] Atoms => _atoms;

    public int Add(int field, in Atom atom)
    {
        var key = new Key(field, atom.Shape, atom.Literal);
        if (_numbers.TryGetValue(key, out var number)) return number;
        number = _keys.Count;
        _numbers.Add(key, number);
        _keys.Add(key);
        return number;
    }

    /// <summary>Chooses the marks, when all atoms are there.</summary>
    public void Freeze()
    {
        var contained = _keys.Where(key => key.Shape == PatternShape.Contains).Select(key => key.Text);
        var rarity = GramRarity.Of(contained);
        _atoms = [.. _keys.Select(key => new ProgramAtom(
            key.Field, key.Shape, key.Text, key.Shape == PatternShape.Contains ? rarity.RarestOffset(key.Text) : 0))];
        _numbers.Clear();
        _keys.Clear();
    }
}
