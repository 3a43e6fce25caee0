using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using Watchhouse.Ledger.Notes;

namespace Watchhouse.Ledger;

/// <summary>
/// A public Ed25519 key that signed notes are checked with, written as c2sp.org/signed-note tools do:
/// <c>name+hash+base64(0x01 || public key)</c>.
/// </summary>
public sealed class VerifierKey : IEquatable<VerifierKey>
{
    /// <summary>The signature type identifier of Ed25519 in signed notes.</summary>
    internal const byte Ed25519 = 0x01;

    private readonly PublicKey _key;
    private readonly byte[] _raw;

    internal VerifierKey(string name, PublicKey key)
    {
        Name = name;
        _key = key;
        _raw = key.Export(KeyBlobFormat.RawPublicKey);
        Id = ComputeId(name, _raw);
    }

    /// <summary>Name of the key; by convention the origin of the log.</summary>
    public string Name { get; }

    /// <summary>The first four bytes of SHA-256(name || 0x0A || 0x01 || public key), big endian.</summary>
    public uint Id { get; }

    /// <summary>Reads <c>name+hash+base64</c>.</summary>
    /// <exception cref="NoteFormatException">The text is no such key, or its hash does not fit the key.</exception>
    public static VerifierKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('+', 3);
        if (parts.Length != 3 || !KeyName.IsValid(parts[0]))
            throw new NoteFormatException("A verifier key has the form name+hash+base64 key.");
        if (!CanonicalBase64.TryDecode(parts[2], out var blob) || blob.Length != 33 || blob[0] != Ed25519)
            throw new NoteFormatException($"The verifier key of '{parts[0]}' is not an Ed25519 key in base64.");
        if (!PublicKey.TryImport(
                SignatureAlgorithm.Ed25519, blob.AsSpan(1), KeyBlobFormat.RawPublicKey, out var key) || key is null)
            throw new NoteFormatException($"The verifier key of '{parts[0]}' is not a point Ed25519 can use.");
        var verifier = new VerifierKey(parts[0], key);
        if (verifier.Id.ToString("x8", CultureInfo.InvariantCulture) != parts[1])
            throw new NoteFormatException(
                $"The verifier key of '{parts[0]}' has the hash {verifier.Id:x8}, but its text says '{parts[1]}'.");
        return verifier;
    }

    /// <summary>
    /// The public key as PEM (RFC 8410 SubjectPublicKeyInfo), which openssl reads; ends with a newline.
    /// </summary>
    public string ToPem() =>
        Encoding.ASCII.GetString(_key.Export(KeyBlobFormat.PkixPublicKeyText)).TrimEnd().ReplaceLineEndings("\n")
        + "\n";

    /// <summary>The key as <c>name+hash+base64</c>.</summary>
    public override string ToString() => $"{Name}+{Id:x8}+{Convert.ToBase64String([Ed25519, .. _raw])}";

    /// <inheritdoc/>
    public bool Equals(VerifierKey? other) =>
        other is not null && Name == other.Name && _raw.AsSpan().SequenceEqual(other._raw);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerifierKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Id);

    internal bool Accepts(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureAlgorithm.Ed25519.SignatureSize
        && SignatureAlgorithm.Ed25519.Verify(_key, text, signature);

    private static uint ComputeId(string name, ReadOnlySpan<byte> raw)
    {
        byte[] input = [.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519, .. raw];
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(input));
    }
}
