namespace Watchhouse.Platform.Ui;

/// <summary>The shape in a cell, so that the matrix reads without colour.</summary>
public enum MatrixMark
{
    /// <summary>A short dash.</summary>
    Nothing,

    /// <summary>A filled circle.</summary>
    Full,

    /// <summary>A half-filled circle.</summary>
    Half,

    /// <summary>A ring.</summary>
    Ring,

    /// <summary>A cross.</summary>
    Cross,
}

/// <summary>A column of a matrix.</summary>
/// <param name="Meaning">What it stands for, on hover.</param>
public sealed record MatrixColumn(string Title, string? Meaning = null);

/// <summary>A cell: shape, word and colour say the same thing.</summary>
/// <param name="Explanation">The exact words, on hover and for screen readers.</param>
/// <param name="Href">What it opens; null for a cell with nothing behind it.</param>
public sealed record MatrixCell(MatrixMark Mark, string Word, Tone Tone, string? Explanation = null, string? Href = null, bool Current = false);

/// <summary>A row: one force and its cells, in the order of the columns.</summary>
public sealed record MatrixRow(Tenancy.ForceId Force, string Name, string? Href, IReadOnlyList<MatrixCell> Cells);

/// <summary>An explanation of a mark below the matrix.</summary>
public sealed record MatrixKey(MatrixMark Mark, string Word, Tone Tone);
