namespace Watchhouse.Ledger.Storage;

/// <summary>
/// A stretch of checkpoints.log that holds one note. A record is complete once the empty line after its signatures is
/// there; without it the note may still be on its way.
/// </summary>
internal readonly record struct CheckpointRecord(long Offset, byte[] Bytes, bool IsComplete)
{
    /// <summary>Longest record: a note and the empty line.</summary>
    public const int MaxLength = SignedNote.MaxLength + 1;

    public long End => Offset + Bytes.Length;

    public static byte[] Encode(SignedCheckpoint checkpoint) => [.. checkpoint.Note.ToBytes(), (byte)'\n'];

    /// <summary>The note itself.</summary>
    /// <exception cref="NoteFormatException">The record holds no checkpoint.</exception>
    public SignedCheckpoint Parse()
    {
        if (!IsComplete)
            throw new NoteFormatException("The note is not finished.");
        return SignedCheckpoint.Parse(Bytes.AsSpan(0, Bytes.Length - 1));
    }

    /// <summary>All records up to an offset, in order; bytes that end in no record come as an incomplete one.</summary>
    public static IEnumerable<CheckpointRecord> ReadAll(LedgerFile file, long end)
    {
        var window = new FileWindow(file, 4 * MaxLength);
        for (long offset = 0; offset < end;)
        {
            var available = window.Peek(offset, (int)Math.Min(MaxLength, end - offset));
            if (available.IsEmpty)
                yield break;
            var length = FindEnd(available);
            var bytes = available[..(length > 0 ? length : available.Length)].ToArray();
            var record = new CheckpointRecord(offset, bytes, length > 0);
            yield return record;
            offset = record.End;
        }
    }

    /// <summary>
    /// The last complete record and the offset after it; null if there is none. Reads only the end of the file.
    /// </summary>
    public static CheckpointRecord? ReadLast(LedgerFile file, long end)
    {
        // Two records fit the larger window whole, so the last one is always found together with its start.
        foreach (var reach in (ReadOnlySpan<int>)[2048, 2 * MaxLength + 2])
        {
            var start = Math.Max(0, end - reach);
            var bytes = new byte[(int)(end - start)];
            var filled = file.Read(bytes, start);
            int? from = start == 0 ? 0 : null;
            int? to = null;
            for (var at = 0; FindEnd(bytes.AsSpan(at, filled - at)) is var length and > 0; at += length)
            {
                if (to is { } previous)
                    from = previous;
                to = at + length;
            }

            if (from is { } first && to is { } last)
                return new CheckpointRecord(start + first, bytes[first..last], true);
        }

        return null;
    }

    /// <summary>
    /// Length of the record at the start: up to the first empty line under a signature line; 0 if none ends.
    /// </summary>
    private static int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var afterSignature = false;
        while (bytes[at..].IndexOf((byte)'\n') is var length and >= 0)
        {
            if (length == 0 && afterSignature)
                return at + 1;
            afterSignature = bytes.Slice(at, length).StartsWith("\u2014 "u8);
            at += length + 1;
        }

        return 0;
    }
}
