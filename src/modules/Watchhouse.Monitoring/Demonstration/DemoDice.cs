namespace Watchhouse.Monitoring.Demonstration;

/// <summary>
/// Numbers that depend on a text alone, on every machine and version: a hash of the text (FNV-1a), stepped by SplitMix64.
/// <see cref="Random"/> promises no sequence across versions. Pure.
/// </summary>
internal sealed class DemoDice
{
    private ulong _state;

    private DemoDice(ulong state) => _state = state;

    public static DemoDice Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return new(hash);
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below the bound.</summary>
    public int Below(int bound) => (int)(((UInt128)Next() * (ulong)bound) >> 64);

    /// <summary>From 0 to below 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Dice of their own, which go on as they will without these noticing.</summary>
    public DemoDice Split() => new(Next());

    public bool OneIn(int count) => Below(count) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>A UUID of version 4 (RFC 9562, section 5.4).</summary>
    public Guid Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Hexadecimal digits, such as of a hash that nothing was hashed for.</summary>
    public string Hex(int digits)
    {
        var text = new char[digits];
        for (var at = 0; at < digits; at++) text[at] = "0123456789abcdef"[Below(16)];
        return new string(text);
    }
}
