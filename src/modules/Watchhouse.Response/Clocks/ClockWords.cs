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

    private static string At(DateTimeOffset when, DateTimeOffset now) =>
        HouseTime.DayOf(when) == HouseTime.DayOf(now) ? HouseTime.Clock(when) : $"{HouseTime.Clock(when)} on {HouseTime.Local(when).ToString("ddd d MMM", English)}";
}
