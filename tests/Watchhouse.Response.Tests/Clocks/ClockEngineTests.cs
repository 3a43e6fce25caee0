using CsCheck;
using Watchhouse.Response.Clocks;
using static Watchhouse.Response.Clocks.ClockEventKind;

namespace Watchhouse.Response.Tests.Clocks;

public sealed class ClockEngineTests
{
    private static readonly ClockTargets Targets = new(Minutes(15), Minutes(60), Minutes(240));
    private static readonly ClockPolicy RoundTheClock = new(Targets, WorkingCalendar.Always);
    private static readonly ClockPolicy Office = new(Targets, WorkingCalendarTests.Office);

    // A Thursday in winter, so London is UTC.
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 13, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_StartedAndAdvised_RunsForTheCentreAndThenForTheForce()
    {
        var first = ClockEngine.Read(RoundTheClock, [At(0, Started)], Start.AddMinutes(5));
        Assert.Equal((ClockState.Running, ClockStage.Acknowledge, Minutes(10)), (first.State, first.Current!.Stage, first.Current.Remaining));
        Assert.Equal("Will breach at 13:15 unless the Centre acknowledges.", first.Forecast);

        var second = ClockEngine.Read(RoundTheClock, [At(0, Started), At(5, Acknowledged)], Start.AddMinutes(50));
        Assert.Equal((ClockStage.Advise, true, Start.AddMinutes(45)), (second.Current!.Stage, second.Current.Amber, second.Current.WarnsAt!.Value));
        Assert.Equal("Will breach at 14:00 unless the Centre advises.", second.Forecast);

        var third = ClockEngine.Read(RoundTheClock, [At(0, Started), At(50, Advised)], Start.AddMinutes(60));
        Assert.Equal((ClockStage.Act, Minutes(230), false), (third.Current!.Stage, third.Current.Remaining, third.Current.Amber));
        Assert.Equal("Will breach at 17:50 unless the force acts.", third.Forecast);
        Assert.True(third.Stages[0].Breached);
        Assert.False(third.Stages[1].Breached);

        var over = ClockEngine.Read(RoundTheClock, [At(0, Started), At(50, Advised)], Start.AddMinutes(300));
        Assert.Equal(Minutes(-10), over.Current!.Remaining);
        Assert.Equal("Breached at 17:50: the force has not acted.", over.Forecast);

        var done = ClockEngine.Read(RoundTheClock, [At(0, Started), At(10, Advised), At(100, Acted)], Start.AddDays(3));
        Assert.Equal((ClockState.Done, Minutes(90)), (done.State, done.Stages[2].Used));
        Assert.Null(done.Current);
        Assert.Equal("The force has acted, and every time was kept.", done.Forecast);
    }

    [Fact]
    public void Read_Paused_StandsAndIsCounted()
    {
        ClockEvent[] events = [At(0, Started), At(10, Advised), At(20, Paused, "Waits for the supplier."), At(80, Resumed), At(100, Paused, "Again.")];
        var reading = ClockEngine.Read(RoundTheClock, events, Start.AddMinutes(130));
        Assert.Equal((ClockState.Paused, 2, Minutes(90), "Again."), (reading.State, reading.Pauses, reading.PausedFor, reading.PausedBecause));
        Assert.Equal(Minutes(30), reading.Current!.Used);
        Assert.Null(reading.Current.Due);
        Assert.Equal("Paused; resumed now, it would breach at 18:40 unless the force acts.", reading.Forecast);
        Assert.Equal("Will breach at 18:50 unless the force acts.", ClockEngine.Read(RoundTheClock, [.. events, At(140, Resumed)], Start.AddMinutes(150)).Forecast);
    }

    [Fact]
    public void Read_AdvisedWhilePaused_BeginsTheForcesClock()
    {
        var reading = ClockEngine.Read(RoundTheClock, [At(0, Started), At(10, Paused, "Lab."), At(30, Advised)], Start.AddMinutes(40));
        Assert.Equal((ClockState.Running, ClockStage.Act, Minutes(10), Minutes(20)), (reading.State, reading.Current!.Stage, reading.Current.Used, reading.PausedFor));
        Assert.Equal(Minutes(10), reading.Stages[1].Used);
    }

    [Fact]
    public void Read_WhatCannotBe_ChangesNothing()
    {
        Assert.Equal(ClockState.NotStarted, ClockEngine.Read(RoundTheClock, [At(0, Acted), At(0, Paused, "No.")], Start.AddDays(1)).State);
        var reading = ClockEngine.Read(RoundTheClock, [At(0, Started), At(1, Resumed), At(2, Started), At(5, Stopped, "An exercise."), At(6, Acted), At(900, Resumed)], Start.AddMinutes(10));
        Assert.Equal((ClockState.Stopped, 0), (reading.State, reading.Pauses));
        Assert.Equal(Minutes(5), reading.Stages[1].Used);
    }

    [Fact]
    public void Read_ForceWithHours_IsDueWhenItWorks()
    {
        // Advised on Thursday at 15:00; two hours until 17:00, and two more on Friday from 9:00.
        var reading = ClockEngine.Read(Office, [At(0, Started), At(120, Advised)], Start.AddMinutes(600));
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 11, 0, 0, TimeSpan.Zero), reading.Current!.Due);
        Assert.Equal(Minutes(120), reading.Current.Remaining);
        Assert.Equal("Will breach at 11:00 on Fri 27 Nov unless the force acts.", reading.Forecast);
    }

    [Fact]
    public void Read_OrderOfEvents_DoesNotMatter() =>
        Gen.Select(History, Gen.Int[0, 40], Gen.Int[0, int.MaxValue - 1]).Sample((history, now, seed) =>
        {
            // Moments of a coarse grid, so that many are equal.
            var shuffled = history.ToArray();
            new Random(seed).Shuffle(shuffled);
            return Same(ClockEngine.Read(Office, history, Start.AddHours(now)), ClockEngine.Read(Office, shuffled, Start.AddHours(now)));
        }, iter: 3_000);

    [Fact]
    public void Read_Pausing_NeverShortens() =>
        Gen.Select(Gen.Int[0, 59], Gen.Int[0, 3_000], Gen.Int[0, 3_000], Gen.Bool).Sample((advised, pause, length, office) =>
        {
            var policy = office ? Office : RoundTheClock;
            ClockEvent[] events = [At(0, Started), At(advised, Advised)];
            ClockEvent[] paused = [.. events, At(pause, Paused, "Waits."), At(pause + length, Resumed)];
            var now = Start.AddDays(30);
            var (without, with) = (ClockEngine.Read(policy, events, now), ClockEngine.Read(policy, paused, now));
            return without.Stages.Zip(with.Stages).All(each => each.Second.Used <= each.First.Used && NotSooner(each.Second.Due, each.First.Due) && NotSooner(each.Second.WarnsAt, each.First.WarnsAt));
        }, iter: 3_000);

    [Fact]
    public void Read_AsTimePasses_DueStaysAndUsedGrows() =>
        Gen.Select(Gen.Int[0, 59], Gen.Int[60, 9_000], Gen.Int[0, 9_000]).Sample((advised, first, later) =>
        {
            ClockEvent[] events = [At(0, Started), At(advised, Advised)];
            var (before, after) = (ClockEngine.Read(Office, events, Start.AddMinutes(first)), ClockEngine.Read(Office, events, Start.AddMinutes(first + later)));
            return before.Current!.Due == after.Current!.Due && before.Current.Used <= after.Current.Used
                && after.Current.Breached == (Office.ForceHours.Between(after.Current.Due!.Value, Start.AddMinutes(first + later)) > TimeSpan.Zero);
        }, iter: 3_000);

    [Fact]
    public void Ladder_AsTimePasses_CallsEachRungUnderOneKeyUntilItIsDone()
    {
        var clock = Guid.Parse("0198c0de-0000-7000-8000-00000000000c");
        EscalationRung[] rungs = [new(2, 30), new(1, 0)];
        ClockEvent[] events = [At(0, Started), At(10, Advised)];
        Assert.Empty(Calls(events, 189));
        Assert.Equal([$"clock/{clock}/Act/1"], Calls(events, 190));
        Assert.Equal([$"clock/{clock}/Act/1", $"clock/{clock}/Act/2"], Calls(events, 220));
        Assert.Equal([$"clock/{clock}/Act/1", $"clock/{clock}/Act/2"], Calls(events, 9_000));
        Assert.Empty(Calls([.. events, At(200, Paused, "Waits.")], 9_000));
        Assert.Empty(Calls([.. events, At(200, Acted)], 9_000));

        string[] Calls(ClockEvent[] happened, int minutes) =>
            [.. EscalationLadder.Due(clock, ClockEngine.Read(RoundTheClock, happened, Start.AddMinutes(minutes)), rungs, Start.AddMinutes(minutes)).Select(each => each.Key)];
    }

    // One that is never reached comes after all others.
    private static bool NotSooner(DateTimeOffset? one, DateTimeOffset? other) => (one ?? DateTimeOffset.MaxValue) >= (other ?? DateTimeOffset.MaxValue);

    private static Gen<ClockEvent[]> History => Gen.Select(Gen.Int[0, 20], Gen.Int[1, 7], Gen.Bool)
        .Select(each => new ClockEvent(Start.AddHours(each.Item1), (ClockEventKind)each.Item2, each.Item3 ? "a" : "b")).Array[0, 12].Select(events => events.Prepend(At(0, Started)).ToArray());

    private static bool Same(ClockReading one, ClockReading other) => Words(one) == Words(other);

    private static string Words(ClockReading reading) =>
        $"{reading.State} {reading.Current} {string.Join('|', reading.Stages)} {reading.Pauses} {reading.PausedFor} {reading.PausedBecause} {reading.Forecast}";

    private static ClockEvent At(int minutes, ClockEventKind kind, string reason = "") => new(Start.AddMinutes(minutes), kind, reason);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
}
