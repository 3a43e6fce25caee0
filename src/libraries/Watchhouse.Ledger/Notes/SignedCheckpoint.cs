namespace Watchhouse.Ledger;

/// <summary>A checkpoint with the note that carries its signatures.</summary>
public sealed class SignedCheckpoint
{
    private SignedCheckpoint(Checkpoint checkpoint, SignedNote note)
    {
        Checkpoint = checkpoint;
        Note = note;
    }

    /// <summary>What is claimed.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The note it stands in; <see cref="SignedNote.Verify"/> checks who signed.</summary>
    public SignedNote Note { get; }

    /// <summary>Reads a signed checkpoint. No signature is checked.</summary>
    /// <exception cref="NoteFormatException">The bytes are not a signed note with a checkpoint in it.</exception>
    public static SignedCheckpoint Parse(ReadOnlySpan<byte> bytes)
    {
        var note = SignedNote.Parse(bytes);
        return new SignedCheckpoint(Checkpoint.ParseText(note.Text), note);
    }

    internal static SignedCheckpoint Sign(Checkpoint checkpoint, SigningKey key) =>
        new(checkpoint, SignedNote.Sign(checkpoint.ToText(), key));
}
