using System.Globalization;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Clocks;

/// <summary>What a clock says to people.</summary>
internal static class ClockWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>'Will breach at 14:20 unless the force acts.' Times are London's; the day is named when it is not today.</summary>
    public static string Forecast(ClockState state, StageReading? current, IReadOnlyList<StageReading> stages, ClockPolicy policy, DateTimeOffset now)
    {
        if (state == ClockState.Stopped) return "It was stopped.";
        if (current is null) return stages.Any(each => each.Breached) ? "The force has acted; not every time was kept." : "The force has acted, and every time was kept.";
        var (who, does, has) = current.Stage switch
        {
            ClockStage.Acknowledge => ("the Centre", "acknowledges", "acknowledged"),
            ClockStage.Advise => ("the Centre", "advises", "advised"),
            _ => ("the force", "acts", "acted"),
        };
        if (current.Breached) return $"Breached at {At(current.Due!.Value, now)}: {who} has not {has}.";
        if (state == ClockState.Paused)
            return $"Paused; resumed now, it would breach at {At(policy.HoursOf(current.Stage).After(now, current.Remaining), now)} unless {who} {does}.";
        return $"Will breach at {At(current.Due!.Value, now)} unless {who} {does}.";
    }

    /// <summary>How the Centre's clock is shown.</summary>
    public static ClockFace Centre(ClockReading reading)
    {
        const string Side = "Centre";
        var (acknowledge, advise) = (reading.Stages.FirstOrDefault(each => each.Stage == ClockStage.Acknowledge), reading.Stages.FirstOrDefault(each => each.Stage == ClockStage.Advise));
        if (advise?.DoneAt is { } done)
            return new(Side, advise.Breached || acknowledge is { Breached: true } ? "late" : "done", $"advised in {Span(advise.Used)}{(advise.Breached ? ", late" : acknowledge is { Breached: true } ? ", acknowledged late" : "")}", DoneAt: done);
        if (reading.Current is not { } current) return new(Side, "stopped", reading.State == ClockState.Done ? "did not advise before the force acted" : "stopped");
        return Runs(Side, reading, current, current.Stage == ClockStage.Acknowledge ? "acknowledge" : "advise");
    }

    /// <summary>How the force's clock is shown.</summary>
    public static ClockFace Force(ClockReading reading)
    {
        const string Side = "Force";
        var act = reading.Stages.FirstOrDefault(each => each.Stage == ClockStage.Act);
        if (act?.DoneAt is { } done) return new(Side, act.Breached ? "late" : "done", $"acted in {Span(act.Used)}{(act.Breached ? ", late" : "")}", DoneAt: done);
        if (reading.State == ClockState.Done) return new(Side, "done", "acted before it was advised");
        if (reading.State == ClockState.Stopped) return new(Side, "stopped", "stopped");
        return act is null ? new(Side, "waiting", "begins with the advice") : Runs(Side, reading, act, "act");
    }

    /// <summary>'24 min', '3 h 05 min', '2 d 4 h'.</summary>
    public static string Span(TimeSpan span) =>
        span < TimeSpan.FromMinutes(1) ? "under a min"
        : span < TimeSpan.FromHours(1) ? $"{(int)span.TotalMinutes} min"
        : span < TimeSpan.FromDays(1) ? $"{(int)span.TotalHours} h {span.Minutes:00} min"
        : $"{(int)span.TotalDays} d {span.Hours} h";

    /// <summary>A time that is agreed, as people say it: '30 min', '8 h', '1 d 12 h'.</summary>
    public static string Time(TimeSpan span) => Span(span) switch
    {
        var words when words.EndsWith(" 00 min", StringComparison.Ordinal) => words[..^" 00 min".Length],
        var words when words.EndsWith(" 0 h", StringComparison.Ordinal) => words[..^" 0 h".Length],
        var words => words,
    };

    private static ClockFace Runs(string side, ClockReading reading, StageReading stage, string verb) => reading.State == ClockState.Paused
        ? new(side, "paused", $"paused: {reading.PausedBecause}")
        : new(side, "running", verb, stage.WarnsAt, stage.Due);

    private static string At(DateTimeOffset when, DateTimeOffset now) =>
        HouseTime.DayOf(when) == HouseTime.DayOf(now) ? HouseTime.Clock(when) : $"{HouseTime.Clock(when)} on {HouseTime.Local(when).ToString("ddd d MMM", English)}";
}
