namespace Watchhouse.Platform.Ui;

/// <summary>A figure in the page header: '3 awaiting approval'.</summary>
/// <param name="Tone">Danger only when somebody must do something.</param>
public sealed record HeaderFigure(string Value, string Label, string Href, Tone Tone = Tone.Neutral);

/// <summary>A page above the one shown.</summary>
public sealed record Crumb(string Title, string Href);
