using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Verification;

/// <summary>Compares the first line of a file, which says what it is and in which version.</summary>
internal static class FileHeader
{
    public static LedgerFault? Check(LedgerFile file, ReadOnlySpan<byte> header)
    {
        Span<byte> found = stackalloc byte[header.Length];
        found = found[..file.Read(found, 0)];
        var same = found.CommonPrefixLength(header);
        if (same == header.Length)
            return null;
        return new LedgerFault(
            file.Name, same, null, $"the header line, 0x{header[same]:x2}",
            same < found.Length ? $"0x{found[same]:x2}" : "end of file");
    }
}
