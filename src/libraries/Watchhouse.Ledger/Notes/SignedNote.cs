using System.Text;

namespace Watchhouse.Ledger;

/// <summary>
/// Text with signatures under it (c2sp.org/signed-note): the text, an empty line, and a line for each signature.
/// </summary>
public sealed class SignedNote
{
    /// <summary>The longest note that is read, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxSignatures = 64;
    private static readonly UTF8Encoding _strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        Text = text;
        Signatures = signatures;
    }

    /// <summary>What is signed, with its last newline.</summary>
    public string Text { get; }

    /// <summary>The signatures in the order they stand; at least one.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note. No signature is checked; call <see cref="Verify"/> before trusting the text.</summary>
    /// <exception cref="NoteFormatException">The bytes are not a signed note.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
            throw new NoteFormatException($"A note of {bytes.Length} bytes is longer than the limit of {MaxLength}.");
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x20 && bytes[i] != (byte)'\n')
                throw new NoteFormatException($"A note has no control characters, but byte {i} is 0x{bytes[i]:x2}.");
        }

        string all;
        try
        {
            all = _strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new NoteFormatException($"A note is UTF-8, but byte {e.Index} is not.");
        }

        // The text may have empty lines of its own; the last empty line is the one that ends it.
        var split = all.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0)
            throw new NoteFormatException("A note has an empty line between its text and its signatures.");
        if (!all.EndsWith('\n') || split + 2 == all.Length)
            throw new NoteFormatException("A note ends with a signature line and a newline.");
        var lines = all[(split + 2)..^1].Split('\n');
        if (lines.Length > MaxSignatures)
            throw new NoteFormatException($"A note has at most {MaxSignatures} signatures, not {lines.Length}.");
        return new SignedNote(all[..(split + 1)], lines.Select(NoteSignature.Parse).ToList());
    }

    /// <summary>Checks the signatures against the keys somebody trusts; several keys allow for rotation.</summary>
    /// <returns>The first key that signed.</returns>
    /// <exception cref="NoteSignatureException">
    /// No key of <paramref name="keys"/> signed, or a signature said to be of one of them is false.
    /// </exception>
    public VerifierKey Verify(IEnumerable<VerifierKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var known = keys as IReadOnlyCollection<VerifierKey> ?? keys.ToList();
        var text = Encoding.UTF8.GetBytes(Text);
        VerifierKey? signer = null;
        foreach (var signature in Signatures)
        {
            foreach (var key in known)
            {
                // Name and id together say whose signature it claims to be; others are ignored, as the format asks.
                if (key.Id != signature.KeyId || key.Name != signature.KeyName)
                    continue;
                if (!key.Accepts(text, signature.Signature.Span))
                    throw new NoteSignatureException($"The signature of {key.Name}+{key.Id:x8} does not fit the text.");
                signer ??= key;
            }
        }

        return signer ?? throw new NoteSignatureException(
            "No known key signed this; it bears " +
            string.Join(", ", Signatures.Select(s => $"{s.KeyName}+{s.KeyId:x8}")) + ".");
    }

    /// <summary>The note as it is written to a file, in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>The note as text.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(s => s.ToLine()))}";

    internal static SignedNote Sign(string text, SigningKey key) =>
        new(text, [NoteSignature.Create(key.Verifier, key.Sign(Encoding.UTF8.GetBytes(text)))]);
}
