namespace Watchhouse.Platform.Ui;

/// <summary>How much it matters. Every screen uses these four words and no others.</summary>
public enum Severity
{
    Low = 1,
    Medium = 2,
    High = 3,
    Critical = 4,
}

/// <summary>How a state is coloured. The word beside the colour always carries the meaning.</summary>
public enum Tone
{
    Neutral,
    Accent,
    Good,
    Warning,
    Danger,
}

internal static class Tones
{
    public static string Attribute(this Tone tone) => tone switch
    {
        Tone.Accent => "accent",
        Tone.Good => "good",
        Tone.Warning => "warning",
        Tone.Danger => "danger",
        _ => "neutral",
    };
}
