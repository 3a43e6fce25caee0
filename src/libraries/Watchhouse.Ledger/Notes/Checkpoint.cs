using System.Globalization;

namespace Watchhouse.Ledger;

/// <summary>
/// What a log claims at one moment: its name, its size and the root over all its entries
/// (c2sp.org/tlog-checkpoint).
/// </summary>
/// <param name="Origin">Name of the log, the first line.</param>
/// <param name="TreeSize">Number of entries.</param>
/// <param name="Root">Root of the Merkle tree over them.</param>
public sealed record Checkpoint(string Origin, long TreeSize, LedgerHash Root)
{
    /// <summary>Lines after the third, which this ledger never writes but reads; none of them is empty.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Reads the text of a checkpoint, without signatures.</summary>
    /// <exception cref="NoteFormatException">The text is not a checkpoint.</exception>
    public static Checkpoint ParseText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.EndsWith('\n'))
            throw new NoteFormatException("A checkpoint ends with a newline.");
        var lines = text[..^1].Split('\n');
        if (lines.Length < 3)
            throw new NoteFormatException($"A checkpoint has at least three lines, not {lines.Length}.");
        if (Array.FindIndex(lines, line => line.Length == 0) is var empty and >= 0)
            throw new NoteFormatException($"Line {empty + 1} of the checkpoint is empty.");
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size.ToString(CultureInfo.InvariantCulture) != lines[1])
            throw new NoteFormatException(
                "The second line of a checkpoint is a size in decimal without leading zeroes.");
        if (!LedgerHash.TryParseBase64(lines[2], out var root))
            throw new NoteFormatException("The third line of a checkpoint is a root hash of 32 bytes in base64.");
        return new Checkpoint(lines[0], size, root) { Extensions = lines[3..] };
    }

    /// <summary>The text that is signed, with its last newline.</summary>
    public string ToText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{TreeSize}\n{Root.ToBase64()}\n")
        + string.Concat(Extensions.Select(line => line + "\n"));

    /// <inheritdoc/>
    public bool Equals(Checkpoint? other) => other is not null && ToText() == other.ToText();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Origin, TreeSize, Root);
}
