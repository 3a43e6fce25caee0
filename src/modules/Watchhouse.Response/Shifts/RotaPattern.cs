using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Shifts;

/// <summary>A part of the day that one team watches.</summary>
/// <param name="Mark">The letter by which the cycles name it.</param>
internal sealed record RotaSlot(char Mark, string Name);

/// <summary>A shift that a pattern plans.</summary>
/// <param name="Team">Number of the team in the pattern, from 0.</param>
internal sealed record PlannedShift(DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Name, int Team);

/// <summary>
/// A repeating plan in which at each moment exactly one team watches. Parts of the day are equally long on the wall clock in London, so a
/// night in which the clocks change is an hour longer or shorter, and nothing is left out. Pure.
/// </summary>
/// <param name="Key">Its word in addresses.</param>
/// <param name="Title">Its name.</param>
/// <param name="Words">What it means for a person.</param>
/// <param name="Slots">Parts of the day in their order.</param>
/// <param name="Cycles">For each team what it does on each day of the cycle: a slot's mark, or '-' when it is off.</param>
internal sealed record RotaPattern(string Key, string Title, string Words, IReadOnlyList<RotaSlot> Slots, IReadOnlyList<string> Cycles)
{
    public const int MostWeeks = 53;

    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private static readonly RotaSlot[] DayAndNight = [new('D', "Day"), new('N', "Night")];

    // On for two days, off for two, on for three; then the other way about.
    private const string On = "DD--DDD--DD---";
    private const string Off = "--DD---DD--DDD";

    public static readonly IReadOnlyList<RotaPattern> All =
    [
        new("two-two-three", "2-2-3, 12 hours, four teams", "Two days on, two off, three on, every other weekend off. Each team changes between days and nights every two weeks.",
            DayAndNight, [On + Night(On), Off + Night(Off), Night(On) + On, Night(Off) + Off]),
        new("four-on-four-off", "4 on, 4 off, 12 hours, four teams", "Two days, two nights, four days off.", DayAndNight, [.. Turned("DDNN----", 2, 4)]),
        new("two-two-two-two", "2-2-2-2, 8 hours, four teams", "Two early, two late, two nights, two days off.",
            [new('E', "Early"), new('L', "Late"), new('N', "Night")], [.. Turned("EELLNN--", 2, 4)]),
    ];

    /// <summary>The shifts of some weeks, in their order.</summary>
    /// <param name="first">The day, in London, on which the first of them begins.</param>
    /// <param name="weeks">1 to 53.</param>
    /// <param name="from">Minutes since midnight at which the first part of the day begins; 0 to 1,439.</param>
    public IEnumerable<PlannedShift> Plan(DateOnly first, int weeks, int from)
    {
        for (var day = 0; day < weeks * 7; day++)
        {
            for (var slot = 0; slot < Slots.Count; slot++)
            {
                var mark = Slots[slot].Mark;
                var team = Enumerable.Range(0, Cycles.Count).Single(each => Cycles[each][day % Cycles[each].Length] == mark);
                yield return new(Boundary(first.AddDays(day), from, slot), Boundary(first.AddDays(day), from, slot + 1), Slots[slot].Name, team);
            }
        }
    }

    /// <summary>A time of the wall clock in London as a moment. One that comes twice in autumn is the first; one that is left out in spring is when the clock jumps.</summary>
    /// <param name="day">The day that the minutes are counted from.</param>
    /// <param name="minutes">Minutes since its midnight; those of the days after it are counted on.</param>
    public static DateTimeOffset Moment(DateOnly day, int minutes)
    {
        var local = day.AddDays(minutes / 1440).ToDateTime(TimeOnly.MinValue).AddMinutes(minutes % 1440);
        while (London.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = London.IsAmbiguousTime(local) ? London.GetAmbiguousTimeOffsets(local).Max() : London.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private DateTimeOffset Boundary(DateOnly day, int from, int slot) => Moment(day, from + (slot * 1440 / Slots.Count));

    private static string Night(string cycle) => cycle.Replace('D', 'N');

    /// <summary>The cycle for each team, each some days behind the one before.</summary>
    private static IEnumerable<string> Turned(string cycle, int by, int teams) =>
        Enumerable.Range(0, teams).Select(team => string.Concat(Enumerable.Range(0, cycle.Length).Select(day => cycle[(((day - (team * by)) % cycle.Length) + cycle.Length) % cycle.Length])));
}

/// <summary>Something about a rota that people should look at.</summary>
/// <param name="Kind">gap, overlap, twice (one person in two shifts at once) or nobody.</param>
internal sealed record RotaWarning(string Kind, DateTimeOffset From, DateTimeOffset Until, string Words);

/// <summary>Finds what is wrong with a rota. Pure.</summary>
internal static class RotaCheck
{
    /// <summary>In the order of time, at most so many; gaps are those between the first shift and the last.</summary>
    public static IReadOnlyList<RotaWarning> Warnings(IReadOnlyCollection<ShiftModel> shifts, int most = 50)
    {
        var warnings = new List<RotaWarning>();
        ShiftModel? last = null;
        var open = new List<ShiftModel>();
        foreach (var shift in shifts.OrderBy(each => each.StartsAt).ThenBy(each => each.EndsAt).ThenBy(each => each.Id))
        {
            if (last is not null && shift.StartsAt > last.EndsAt)
                warnings.Add(new("gap", last.EndsAt, shift.StartsAt, $"Nobody watches from {Words(last.EndsAt)} to {Words(shift.StartsAt)}."));
            open.RemoveAll(each => each.EndsAt <= shift.StartsAt);
            foreach (var other in open)
            {
                var until = other.EndsAt < shift.EndsAt ? other.EndsAt : shift.EndsAt;
                var both = other.People.Intersect(shift.People).Select(person => person.Name).ToList();
                warnings.Add(both.Count > 0
                    ? new("twice", shift.StartsAt, until, $"{string.Join(", ", both)} {(both.Count == 1 ? "has" : "have")} two shifts at once from {Words(shift.StartsAt)} to {Words(until)}.")
                    : new("overlap", shift.StartsAt, until, $"Two shifts overlap from {Words(shift.StartsAt)} to {Words(until)}."));
            }

            if (shift.People.Count == 0) warnings.Add(new("nobody", shift.StartsAt, shift.EndsAt, $"Nobody is named for the shift from {Words(shift.StartsAt)}."));
            open.Add(shift);
            if (last is null || shift.EndsAt > last.EndsAt) last = shift;
        }

        return [.. warnings.OrderBy(each => each.From).Take(most)];
    }

    private static string Words(DateTimeOffset when) => $"{HouseTime.Clock(when)} on {HouseTime.Date(when)}";
}
