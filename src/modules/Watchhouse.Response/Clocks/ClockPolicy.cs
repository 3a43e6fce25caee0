using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Clocks;

/// <summary>What the clocks measure, in this order: the first two are the Centre's, the last is the force's.</summary>
internal enum ClockStage
{
    Acknowledge = 1,
    Advise = 2,
    Act = 3,
}

/// <summary>The times of one severity. The first two run from the start, the last from the advice.</summary>
internal sealed record ClockTargets(TimeSpan Acknowledge, TimeSpan Advise, TimeSpan Act)
{
    public TimeSpan Of(ClockStage stage) => stage switch
    {
        ClockStage.Acknowledge => Acknowledge,
        ClockStage.Advise => Advise,
        _ => Act,
    };
}

/// <summary>What holds for one subject: its times, and when the force works. The Centre works round the clock.</summary>
internal sealed record ClockPolicy(ClockTargets Targets, WorkingCalendar ForceHours)
{
    public WorkingCalendar HoursOf(ClockStage stage) => stage == ClockStage.Act ? ForceHours : WorkingCalendar.Always;
}

/// <summary>What a force agreed: times to act stricter than the nation's, and its hours.</summary>
internal sealed record ForceAgreement(IReadOnlyDictionary<Severity, TimeSpan> Act, WorkingCalendar Hours);

/// <summary>The nation's times by severity and what single forces agreed. Immutable.</summary>
internal sealed record ClockPolicies(DateOnly From, IReadOnlyDictionary<Severity, ClockTargets> Severities, IReadOnlyDictionary<ForceId, ForceAgreement> Forces)
{
    /// <summary>Bank holidays by part of the United Kingdom.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<DateOnly>> Holidays { get; init; } = new Dictionary<string, IReadOnlySet<DateOnly>>();

    /// <param name="force">Whose clock it is.</param>
    /// <param name="severity">How grave its subject is.</param>
    /// <param name="hours">The hours that the force set itself; null where it has set none, and those of the agreement hold.</param>
    public ClockPolicy For(ForceId force, Severity severity, WorkingCalendar? hours = null)
    {
        var targets = Severities[severity];
        if (!Forces.TryGetValue(force, out var agreed)) return new(targets, hours ?? WorkingCalendar.Always);
        return new(agreed.Act.TryGetValue(severity, out var act) ? targets with { Act = act } : targets, hours ?? agreed.Hours);
    }
}

/// <summary>The times by which the house measures, read at its start.</summary>
internal sealed class ClockPolicyBook
{
    private ClockPolicies? _policies;

    public ClockPolicies Policies => _policies ?? throw new InvalidOperationException("The times of the clocks were not read yet.");

    /// <exception cref="FormatException">A file is not as it should be; the message names it and what is wrong.</exception>
    public void Open(string nationalData) => _policies = ClockPolicyReader.Read(nationalData);
}
