using System.Globalization;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Ui;

/// <summary>
/// A force's place in the nation as tiles: every force the same size, hand-laid where people look for it.
/// </summary>
/// <param name="Apart">Set off from its neighbours: the Metropolitan Police and the City.</param>
public sealed record NationTile(ForceId Force, string Name, int Column, int Row, bool Apart = false);

/// <summary>What one force's figure is.</summary>
/// <param name="Value">Null when it is not known, or not the viewer's to know.</param>
/// <param name="Words">The figure in words, when a number says too little: 'silent for 3 h'.</param>
/// <param name="Level">The step, when whoever counted knows better than the scale.</param>
public sealed record TileFigure(double? Value, string? Words = null, int? Level = null);

/// <summary>One step of a scale.</summary>
/// <param name="From">The lowest value that belongs to it.</param>
/// <param name="Label">'1 to 4'.</param>
/// <param name="Level">0 calm, 1 and 2 the accent, 3 amber, 4 red: somebody must act.</param>
public sealed record TileBand(double From, string Label, int Level);

/// <summary>How a figure becomes a colour, and what it counts.</summary>
/// <param name="Title">'Open alerts over clock'.</param>
/// <param name="Bands">In rising order.</param>
public sealed record TileMapScale(string Title, IReadOnlyList<TileBand> Bands)
{
    public TileBand? BandOf(TileFigure? figure) =>
        figure?.Level is { } level ? Bands.FirstOrDefault(b => b.Level == level)
        : figure?.Value is { } value ? Bands.LastOrDefault(b => value >= b.From) ?? Bands[0]
        : null;

    public static string Brief(TileFigure? figure) => figure?.Value is { } value
        ? value.ToString(Math.Abs(value) >= 10_000 ? "0,K" : "0.#", CultureInfo.InvariantCulture)
        : "–";

    public static string InWords(TileFigure? figure, string unknown = "not known") => figure is null || (figure.Value is null && figure.Words is null)
        ? unknown
        : figure.Words ?? figure.Value!.Value.ToString("#,0.#", CultureInfo.InvariantCulture);
}
