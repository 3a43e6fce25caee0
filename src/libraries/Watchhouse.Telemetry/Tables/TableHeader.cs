namespace Watchhouse.Telemetry;

/// <summary>Names of a table's columns, and how its rows are written. Immutable: blocks on several threads share it.</summary>
internal sealed record TableHeader(byte[][] Names, byte Separator)
{
    /// <summary>Most columns that a header may have; more is no table.</summary>
    public const int MostColumns = 4096;

    /// <summary>Reads the names of a header row. Empty names become column1, column2, …</summary>
    public static TableHeader Read(ReadOnlySpan<byte> row, byte separator)
    {
        var names = new List<byte[]>();
        var cells = new RowReader(row, separator);
        while (cells.Next() && names.Count < MostColumns)
        {
            var name = cells.Cell.Trim(" \t"u8);
            names.Add(name.IsEmpty ? System.Text.Encoding.ASCII.GetBytes($"column{names.Count + 1}") : name.ToArray());
        }

        return new([.. names], separator);
    }

    /// <summary>
    /// The separator that a header row uses: the one of comma, semicolon and tab that gives most columns. At least two columns
    /// with distinct names that look like names; null where that is not so.
    /// </summary>
    public static byte? Separators(ReadOnlySpan<byte> row, out int columns)
    {
        byte? best = null;
        columns = 1;
        foreach (var separator in ",;\t"u8)
        {
            var count = 0;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var cells = new RowReader(row, separator);
            var isHeader = true;
            while (isHeader && cells.Next() && count <= MostColumns)
            {
                var name = cells.Cell.Trim(" \t"u8);
                count++;
                isHeader = cells.IsWhole && name.Length <= 128 && name.IndexOfAny("{}=<>"u8) < 0
                    && (name.IsEmpty ? cells.IsQuoted || count == 1 : seen.Add(System.Text.Encoding.UTF8.GetString(name)));
            }

            if (isHeader && count > columns) (best, columns) = (separator, count);
        }

        return best;
    }
}
