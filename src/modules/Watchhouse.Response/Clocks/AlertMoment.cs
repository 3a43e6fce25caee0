using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Clocks;

internal enum AlertMomentKind
{
    /// <summary>A quarter of the time is left.</summary>
    Warning,

    /// <summary>A contact of the ladder is called.</summary>
    Call,

    /// <summary>The time is over.</summary>
    Breach,
}

/// <summary>A moment in the life of an alert at which people are told of it, if nobody has done what was to be done.</summary>
/// <param name="Level">critical, high, medium or low.</param>
/// <param name="Stage">Acknowledge or Advise.</param>
/// <param name="After">How long after the alert was raised.</param>
/// <param name="Minutes">Of a call: how long after the warning, as the contact has it.</param>
internal sealed record AlertMoment(string Level, ClockStage Stage, AlertMomentKind Kind, TimeSpan After, int Minutes = 0)
{
    /// <summary>The status in which it is not done yet.</summary>
    public string Status => Stage == ClockStage.Acknowledge ? "new" : "open";

    /// <summary>What tells it from other moments of the same alert.</summary>
    public string Name => Kind == AlertMomentKind.Call ? $"{Stage}/{Minutes}" : $"{Stage}/{Kind}";

    public string Words => (Stage, Kind) switch
    {
        (ClockStage.Acknowledge, AlertMomentKind.Breach) => "An alert was not taken on in time.",
        (ClockStage.Acknowledge, _) => "Nobody has taken on an alert: a quarter of the time is left.",
        (_, AlertMomentKind.Breach) => "An alert was not decided in time.",
        _ => "An alert is to be decided: a quarter of the time is left.",
    };

    /// <summary>Every moment. Of what is medium or low people hear when its time is over, and of what only informs they hear nothing.</summary>
    /// <param name="targets">The times of a severity.</param>
    /// <param name="calls">Minutes after the warning at which any contact is called.</param>
    public static IEnumerable<AlertMoment> All(Func<Severity, ClockTargets> targets, IReadOnlyList<int> calls)
    {
        foreach (var severity in new[] { Severity.Critical, Severity.High, Severity.Medium, Severity.Low })
        {
            var level = severity.ToString().ToLowerInvariant();
            foreach (var stage in new[] { ClockStage.Acknowledge, ClockStage.Advise })
            {
                var time = targets(severity).Of(stage);
                yield return new(level, stage, AlertMomentKind.Breach, time);
                if (severity < Severity.High) continue;
                var warns = time * ClockEngine.WarnShare;
                yield return new(level, stage, AlertMomentKind.Warning, warns);
                foreach (var minutes in calls) yield return new(level, stage, AlertMomentKind.Call, warns + TimeSpan.FromMinutes(minutes), minutes);
            }
        }
    }
}
