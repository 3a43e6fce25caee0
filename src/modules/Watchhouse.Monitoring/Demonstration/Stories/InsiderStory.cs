using Watchhouse.Monitoring.Demonstration.Lines;

namespace Watchhouse.Monitoring.Demonstration.Stories;

/// <summary>One officer, off duty, looks the same person up again and again without a case, and then takes records away in bulk. Pure.</summary>
internal static class InsiderStory
{
    public static IEnumerable<DemoEvent> Tell(Episode episode)
    {
        var dice = episode.Dice("insider");
        var force = episode.Cast().Records;
        var person = dice.Below(DemoForce.Officers);
        var subject = $"N{DemoJson.Number(100_000 + dice.Below(800_000))}";
        // More or fewer views, closer together or further apart.
        var (views, pause) = episode.Form switch { 0 => (9, 38), 1 => (7, 52), _ => (12, 29) };
        yield return SyslogLines.Records(force, At(55), dice, new("search", person, null, null, false, 3));
        for (var view = 0; view < views; view++)
            yield return SyslogLines.Records(force, At(70 + (view * pause)), dice, new("view", person, subject, null, false, 1));
        yield return SyslogLines.Records(force, At(515), dice, new("search", person, null, null, false, 640));
        yield return SyslogLines.Records(force, At(540), dice, new("export", person, null, null, false, 480 + (episode.Form * 160)));

        DateTimeOffset At(int second) => episode.Start.AddSeconds(second).AddMilliseconds(dice.Below(900));
    }
}
