using System.Text;

namespace Watchhouse.Platform.Ui;

/// <summary>Comma-separated values (RFC 4180) for exports that have no endpoint of their own.</summary>
public static class Csv
{
    public static string Write(IEnumerable<IEnumerable<string?>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows) text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        return text.ToString();
    }

    private static string Cell(string? value)
    {
        value ??= "";
        // A spreadsheet runs a cell that starts like a formula; the apostrophe makes it text.
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().ContainsAny(",\"\r\n")
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;
    }
}
