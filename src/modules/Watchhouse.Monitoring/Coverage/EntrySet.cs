using System.Numerics;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>A set of entries of the log-source table, by their place in it. Compared a word at a time: rules times forces ask it.</summary>
internal sealed class EntrySet(int size)
{
    private readonly ulong[] _words = new ulong[(size + 63) / 64];

    public bool IsEmpty => Array.TrueForAll(_words, word => word == 0);

    public IEnumerable<int> Places
    {
        get
        {
            for (var word = 0; word < _words.Length; word++)
            {
                for (var rest = _words[word]; rest != 0; rest &= rest - 1) yield return (word * 64) + BitOperations.TrailingZeroCount(rest);
            }
        }
    }

    /// <summary>The same text for the same set.</summary>
    public string Key => string.Join('.', _words.Select(word => word.ToString("x", System.Globalization.CultureInfo.InvariantCulture)));

    public void Add(int place) => _words[place / 64] |= 1UL << (place % 64);

    public bool Has(int place) => (_words[place / 64] & (1UL << (place % 64))) != 0;

    public void UnionWith(EntrySet other)
    {
        for (var word = 0; word < _words.Length; word++) _words[word] |= other._words[word];
    }

    public bool Meets(EntrySet other)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            if ((_words[word] & other._words[word]) != 0) return true;
        }

        return false;
    }
}
