namespace Watchhouse.Ledger;

/// <summary>
/// A signed note, checkpoint or key that is not written as its format demands. The message says where.
/// </summary>
public sealed class NoteFormatException(string message) : FormatException(message);
