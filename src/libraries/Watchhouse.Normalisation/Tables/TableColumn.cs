using System.Diagnostics.CodeAnalysis;

namespace Watchhouse.Normalisation;

/// <summary>What a column holds; the scalar types of the Kusto query language.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "These are the language's own names of its types.")]
public enum ColumnKind : byte
{
    /// <summary>Text. An empty text and none at all are the same.</summary>
    String,

    /// <summary>A whole number of 32 bits.</summary>
    Int,

    /// <summary>A whole number of 64 bits.</summary>
    Long,

    /// <summary>A number of double precision (IEEE 754).</summary>
    Real,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A moment in UTC, in steps of 100 nanoseconds.</summary>
    DateTime,

    /// <summary>Any JSON value.</summary>
    Dynamic,

    /// <summary>A UUID.</summary>
    Guid,

    /// <summary>A length of time.</summary>
    TimeSpan,
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name, as queries write it.</param>
/// <param name="Kind">What it holds.</param>
public sealed record TableColumn(string Name, ColumnKind Kind);
