using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Clocks;

/// <summary>What an organisation sets for its clocks.</summary>
internal sealed record ClockSettingOptions
{
    public bool IsAlways { get; init; } = true;

    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>08:00.</summary>
    public string From { get; init; } = "08:00";

    /// <summary>18:00; 24:00 is the midnight that ends the day.</summary>
    public string Until { get; init; } = "18:00";

    public string Holidays { get; init; } = "england-and-wales";

    /// <summary>Whom to call, in order.</summary>
    public IReadOnlyList<(Guid Person, int AfterMinutes)> Contacts { get; init; } = [];

    public uint? Version { get; init; }
}

/// <summary>Hours and ladder of one's own organisation. The Centre works round the clock and has a ladder alone.</summary>
internal sealed class ClockSettingOperations(IHouse house, ClockKeeper keeper, ClockPolicyBook book, IColleagues colleagues, RunSignal signal)
{
    public const int MostContacts = 10;
    public const int LongestWait = 24 * 60;

    /// <summary>Who can be called: people of one's own who read incidents.</summary>
    public Task<IReadOnlyList<Colleague>> PeopleAsync(ActingPrincipal actor, CancellationToken cancellationToken) =>
        colleagues.HoldingAsync(actor.Home, Permissions.IncidentsRead, cancellationToken);

    public async Task<ClockSettingsModel> ReadAsync(ActingPrincipal actor, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.IncidentsRead) { Force = home, Reason = reason, Subject = "clock-settings", Logged = !again }, cancellationToken);
        var contacts = await session.Db.Set<ClockContact>().AsNoTracking().Where(each => each.ForceId == home).OrderBy(each => each.Order)
            .Select(each => new ClockContactModel(each.PersonId, each.Name, each.AfterMinutes)).ToListAsync(cancellationToken);
        return await session.Db.Set<ClockSettings>().AsNoTracking().FirstOrDefaultAsync(each => each.ForceId == home, cancellationToken) is { } found
            ? new(home, found.IsAlways, found.Days, Words(found.FromMinute), Words(found.UntilMinute), found.Holidays, contacts, found.ChangedBy, found.ChangedAt, found.Version)
            : new(home, true, [], "08:00", "18:00", "england-and-wales", contacts, null, null, null);
    }

    public async Task<Outcome<Done>> SaveAsync(ActingPrincipal actor, ClockSettingOptions options, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        var people = (await PeopleAsync(actor, cancellationToken)).ToDictionary(each => each.Id, each => each.Name, StringComparer.OrdinalIgnoreCase);
        await using var session = await house.EnterAsync(actor, new Access(Permissions.ClocksManage) { Force = home, Subject = "clock-settings" }, cancellationToken);
        if (Fault(options, home, people) is { } fault) return fault;
        var found = await session.Db.Set<ClockSettings>().FirstOrDefaultAsync(each => each.ForceId == home, cancellationToken);
        if (options.Version is { } known && known != found?.Version)
            return Failure.Conflict($"{found?.ChangedBy ?? "Somebody"} changed these settings in the meantime, so yours were not saved. Look at them again and repeat your change.");
        var settings = found ?? new ClockSettings
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = home, IsAlways = true, Days = [], FromMinute = 0, UntilMinute = 0, Holidays = "", ChangedBy = "", ChangedAt = session.Now,
        };
        var before = found is null ? null : Words(found);
        (settings.IsAlways, settings.Days, settings.Holidays) = (options.IsAlways, options.IsAlways ? [] : [.. options.Days.Distinct()], options.Holidays);
        (settings.FromMinute, settings.UntilMinute) = (Minutes(options.From)!.Value, Minutes(options.Until)!.Value);
        (settings.ChangedBy, settings.ChangedAt) = (RunOperations.Name(actor), session.Now);
        if (!options.IsAlways && Unusable(settings) is { } unusable) return unusable;
        if (found is null) session.Db.Add(settings);
        session.Db.RemoveRange(await session.Db.Set<ClockContact>().Where(each => each.ForceId == home).ToListAsync(cancellationToken));
        session.Db.AddRange(options.Contacts.Select((each, at) => new ClockContact
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = home, Order = at + 1, PersonId = each.Person, Name = people[each.Person.ToString()], AfterMinutes = each.AfterMinutes,
        }));
        session.Record(home, "clock-settings", $"{home} set hours and ladder of its clocks.", new Dictionary<string, FieldChange>
        {
            ["hours"] = new(before, Words(settings)), ["ladder"] = new(null, string.Join(", ", options.Contacts.Select(each => $"{people[each.Person.ToString()]} after {each.AfterMinutes} min"))),
        });
        // Clocks that run are counted by the new hours, and the new ladder is called from now on.
        foreach (var clock in await session.Db.Set<IncidentClock>().Where(each => each.ForceId == home && each.State == ClockState.Running).ToListAsync(cancellationToken))
            await keeper.RefreshAsync(session, clock, cancellationToken);
        try
        {
            var saved = await session.CommitAsync(cancellationToken);
            if (!saved.Succeeded) return saved;
            if (home == ForceId.Centre) await WakeAsync(cancellationToken);
            signal.Raise(home);
            return saved;
        }
        catch (DbUpdateException)
        {
            // Two saved for the first time in the same moment.
            return Failure.Conflict("Somebody else set these in the same moment, so yours were not saved. Look at them again and repeat your change.");
        }
    }

    /// <summary>The Centre's time runs in clocks of every force: the job looks at them anew, and finds whom the new ladder calls when.</summary>
    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(ActingPrincipal.ForJob("clocks"), new Access(Permissions.IncidentsRead) { Logged = false }, cancellationToken);
        var now = session.Now;
        await session.Db.Set<IncidentClock>().Where(each => each.State == ClockState.Running && each.Stage != ClockStage.Act)
            .ExecuteUpdateAsync(set => set.SetProperty(each => each.NextAt, now), cancellationToken);
    }

    private static Failure? Fault(ClockSettingOptions options, ForceId home, Dictionary<string, string> people)
    {
        if (home == ForceId.Centre && !options.IsAlways) return Failure.Invalid("The Centre works round the clock.", "isAlways");
        if (Minutes(options.From) is null) return Failure.Invalid("Write the time as 08:00.", "from");
        if (Minutes(options.Until) is null) return Failure.Invalid("Write the time as 18:00.", "until");
        if (!options.IsAlways && options.Days.Any(day => !Enum.TryParse<DayOfWeek>(day, out var one) || one.ToString() != day)) return Failure.Invalid("Days are Monday to Sunday.", "days");
        if (options.Contacts.Count > MostContacts) return Failure.Invalid($"A ladder has at most {MostContacts} people.", "contacts");
        if (options.Contacts.Any(each => !people.ContainsKey(each.Person.ToString()))) return Failure.Invalid("A contact is a person of your own organisation who reads incidents.", "contacts");
        if (options.Contacts.Any(each => each.AfterMinutes is < 0 or > LongestWait)) return Failure.Invalid("A contact is called 0 to 1,440 minutes after the warning.", "contacts");
        return options.Contacts.Zip(options.Contacts.Skip(1)).Any(pair => pair.Second.AfterMinutes < pair.First.AfterMinutes)
            ? Failure.Invalid("Each contact is called no earlier than the one before. Put them in the order of their times.", "contacts") : null;
    }

    private Failure? Unusable(ClockSettings settings)
    {
        if (!book.Policies.Holidays.ContainsKey(settings.Holidays)) return Failure.Invalid($"Bank holidays are those of {string.Join(", ", book.Policies.Holidays.Keys)}.", "holidays");
        try
        {
            keeper.Calendar(settings);
            return null;
        }
        catch (FormatException e)
        {
            return Failure.Invalid(e.Message, "until");
        }
    }

    private static string Words(ClockSettings settings) => settings.IsAlways ? "round the clock" : $"{string.Join(", ", settings.Days)} {Words(settings.FromMinute)}-{Words(settings.UntilMinute)}, holidays of {settings.Holidays}";

    private static string Words(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static int? Minutes(string? text) => text == "24:00" ? WorkingCalendar.MinutesOfADay
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;
}
