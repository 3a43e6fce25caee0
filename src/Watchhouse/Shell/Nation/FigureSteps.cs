using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Shell.Nation;

/// <summary>One step of a figure: how many forces stand on it and what they have.</summary>
/// <param name="Word">'to act on', 'to watch', 'in order'.</param>
/// <param name="Range">The values on it, in the figure's own words: '1 of 8 to 2 of 8'.</param>
internal sealed record FigureStep(FigureTone Tone, int Level, string Word, string Range, int Count);

/// <summary>
/// From tones to the levels of the map. Whoever counts says what is good; the map only draws it, so no scale is kept
/// twice.
/// </summary>
internal static class FigureSteps
{
    private static readonly FigureTone[] Rising = [FigureTone.Good, FigureTone.Neutral, FigureTone.Watch, FigureTone.Bad];

    public static int Level(this FigureTone tone) => tone switch
    {
        FigureTone.Good => 1,
        FigureTone.Watch => 3,
        FigureTone.Bad => 4,
        _ => 0,
    };

    public static Tone Tone(this FigureTone tone) => tone switch
    {
        FigureTone.Watch => Platform.Ui.Tone.Warning,
        FigureTone.Bad => Platform.Ui.Tone.Danger,
        _ => Platform.Ui.Tone.Neutral,
    };

    /// <summary>The steps that have a force, the calmest first.</summary>
    public static IReadOnlyList<FigureStep> Of(FigureReading figure) =>
        [.. Rising.Select(tone => Step(tone, figure)).OfType<FigureStep>()];

    public static TileMapScale Scale(FigureReading figure) => new(figure.Title,
        [.. Of(figure).Select(s => new TileBand(0, $"{Capital(s.Word)}: {s.Range} ({s.Count})", s.Level))]);

    public static TileFigure Tile(ForceValue value) => new(value.Value, value.Words, value.Tone.Level());

    private static FigureStep? Step(FigureTone tone, FigureReading figure)
    {
        var on = figure.Values.Values.Where(v => v.Tone == tone).OrderBy(v => v.Value).ToList();
        if (on.Count == 0) return null;
        var (least, most) = (on[0].Words, on[^1].Words);
        return new FigureStep(tone, tone.Level(), Word(tone), least == most ? least : $"{least} to {most}", on.Count);
    }

    private static string Word(FigureTone tone) => tone switch
    {
        FigureTone.Good => "in order",
        FigureTone.Watch => "to watch",
        FigureTone.Bad => "to act on",
        _ => "for information",
    };

    private static string Capital(string word) => string.Concat(word[..1].ToUpperInvariant(), word.AsSpan(1));
}
