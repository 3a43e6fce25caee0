using System.Buffers.Binary;
using Watchhouse.Ledger.Notes;

namespace Watchhouse.Ledger;

/// <summary>One signature line of a signed note.</summary>
public sealed class NoteSignature
{
    private readonly byte[] _signature;

    private NoteSignature(string keyName, uint keyId, byte[] signature)
    {
        KeyName = keyName;
        KeyId = keyId;
        _signature = signature;
    }

    /// <summary>Name of the key that signed.</summary>
    public string KeyName { get; }

    /// <summary>Identifier of the key that signed; see <see cref="VerifierKey.Id"/>.</summary>
    public uint KeyId { get; }

    /// <summary>The signature proper; 64 bytes for Ed25519.</summary>
    public ReadOnlyMemory<byte> Signature => _signature;

    internal static NoteSignature Create(VerifierKey key, byte[] signature) => new(key.Name, key.Id, signature);

    internal static NoteSignature Parse(string line)
    {
        if (!line.StartsWith("\u2014 ", StringComparison.Ordinal))
            throw new NoteFormatException("A signature line begins with an em dash and a space.");
        var space = line.IndexOf(' ', 2);
        if (space < 0)
            throw new NoteFormatException("A signature line has a key name and a signature.");
        var name = line[2..space];
        if (!Notes.KeyName.IsValid(name))
            throw new NoteFormatException("The key name of a signature line is empty or has a forbidden character.");
        if (!CanonicalBase64.TryDecode(line.AsSpan(space + 1), out var bytes) || bytes.Length < 5)
            throw new NoteFormatException(
                $"The signature of '{name}' is not canonical base64 of a key id and signature.");
        return new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..]);
    }

    internal string ToLine()
    {
        var bytes = new byte[4 + _signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        _signature.CopyTo(bytes, 4);
        return $"\u2014 {KeyName} {Convert.ToBase64String(bytes)}\n";
    }
}
