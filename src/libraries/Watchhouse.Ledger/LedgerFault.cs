using System.Globalization;

namespace Watchhouse.Ledger;

/// <summary>One thing wrong with a ledger or an export, and where.</summary>
/// <param name="File">Name of the file inside the directory.</param>
/// <param name="Offset">Byte offset in the file, from 0.</param>
/// <param name="Entry">
/// Index of the entry concerned, from 0; for an inner node the first entry under it; null if none is.
/// </param>
/// <param name="Expected">What should be there.</param>
/// <param name="Found">What is there.</param>
public sealed record LedgerFault(string File, long Offset, long? Entry, string Expected, string Found)
{
    /// <summary>The fault as one sentence.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{File}, byte {Offset}{(Entry is { } entry ? $", entry {entry}" : "")}: expected {Expected}, found {Found}.");
}
