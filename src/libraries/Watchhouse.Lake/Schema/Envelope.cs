namespace Watchhouse.Lake;

/// <summary>
/// The columns that every file has, whatever its table. They begin with an underscore and none is a column of a
/// Microsoft table. Absent texts are NULL.
/// </summary>
internal static class Envelope
{
    public const string Time = "_Time";
    public const string Source = "_Source";
    public const string EventId = "_EventId";
    public const string ReceivedAt = "_ReceivedAt";
    public const string Computer = "_Computer";
    public const string Account = "_Account";
    public const string SourceIp = "_SourceIp";
    public const string TargetIp = "_TargetIp";
    public const string Activity = "_Activity";
    public const string Unknown = "_Unknown";
    public const string Raw = "_Raw";
    public const string Format = "_Format";
    public const string Line = "_Line";

    /// <summary>The path of a row's file, in results; the engine's own name for it is a column of Microsoft tables.</summary>
    public const string File = "_File";

    /// <summary>The row's place in its file, in results.</summary>
    public const string FileRow = "file_row_number";

    /// <summary>Number of the narrow columns, which come first.</summary>
    public const int NarrowCount = 9;

    public static readonly string[] Names =
        [Time, Source, EventId, ReceivedAt, Computer, Account, SourceIp, TargetIp, Activity, Unknown, Raw, Format, Line];

    public static readonly string[] Types =
        ["TIMESTAMP", "VARCHAR", "UUID", "TIMESTAMP", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "BLOB",
            "VARCHAR", "INTEGER"];

    /// <summary>The narrow columns as a SELECT list.</summary>
    public static readonly string NarrowList = string.Join(", ", Names[..NarrowCount]);

    /// <summary>Whether a table may not have a column of that name.</summary>
    public static bool IsTaken(string name) =>
        Names.Append(File).Append(FileRow).Contains(name, StringComparer.OrdinalIgnoreCase);

    public static string SqlType(LakeType type) => type switch
    {
        LakeType.Text or LakeType.Json => "VARCHAR",
        LakeType.Time => "TIMESTAMP",
        LakeType.Whole32 => "INTEGER",
        LakeType.Whole64 => "BIGINT",
        LakeType.Real => "DOUBLE",
        LakeType.Bool => "BOOLEAN",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
