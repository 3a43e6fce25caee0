using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Watchhouse.Ledger;

/// <summary>
/// A SHA-256 hash of a Merkle tree node: 32 bytes held by value, so that hashing a million entries makes no garbage.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct LedgerHash : IEquatable<LedgerHash>
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int Size = 32;

    // Four words rather than a buffer: equality is four compares and the struct stays immutable.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Takes the 32 bytes of a hash.</summary>
    /// <exception cref="ArgumentException">The span is not 32 bytes long.</exception>
    public LedgerHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A hash has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        this = MemoryMarshal.Read<LedgerHash>(bytes);
    }

    /// <summary>Reads the canonical base64 text of a hash (RFC 4648 section 4), as checkpoints carry it.</summary>
    /// <returns>False if the text is not the one canonical encoding of 32 bytes.</returns>
    public static bool TryParseBase64(ReadOnlySpan<char> text, out LedgerHash hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        hash = default;
        if (text.Length != 44 || !Convert.TryFromBase64Chars(text, bytes, out var written) || written != Size)
            return false;

        // The decoder ignores white space and the unused bits of the last character; a second spelling of a hash
        // would be a byte somebody could change unseen.
        hash = new LedgerHash(bytes);
        return text.SequenceEqual(hash.ToBase64());
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    /// <summary>The 32 bytes in an array of their own.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The hash in base64, 44 characters.</summary>
    public string ToBase64() => Convert.ToBase64String(ToArray());

    /// <summary>The hash in lower-case hexadecimal, 64 characters.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    /// <inheritdoc/>
    public bool Equals(LedgerHash other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is LedgerHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _a.GetHashCode();

    /// <summary>Whether two hashes have the same bytes.</summary>
    public static bool operator ==(LedgerHash left, LedgerHash right) => left.Equals(right);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(LedgerHash left, LedgerHash right) => !left.Equals(right);
}
