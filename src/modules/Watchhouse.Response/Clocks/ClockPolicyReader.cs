using System.Globalization;
using System.Text.Json;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Clocks;

/// <summary>Reads <c>national/response</c>: strict, since a word that is overlooked would be a time that nobody keeps.</summary>
internal static class ClockPolicyReader
{
    private const string ClocksFile = "clocks.json";
    private const string HolidaysFile = "bank-holidays.json";
    private const int MostMinutes = 90 * WorkingCalendar.MinutesOfADay;
    private static readonly Dictionary<string, DayOfWeek> Days = Enum.GetValues<DayOfWeek>().ToDictionary(day => day.ToString().ToLowerInvariant(), StringComparer.Ordinal);
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="FormatException">A file is not as it should be; the message names it and what is wrong.</exception>
    public static ClockPolicies Read(string nationalData)
    {
        var directory = Path.Combine(nationalData, "response");
        return Read(Text(directory, ClocksFile), Text(directory, HolidaysFile));
    }

    /// <exception cref="FormatException">A text is not as it should be; the message names its file and what is wrong.</exception>
    public static ClockPolicies Read(string clocks, string bankHolidays)
    {
        var holidays = Holidays(bankHolidays);
        var file = Parse<PolicyFile>(clocks, ClocksFile);
        var severities = new Dictionary<Severity, ClockTargets>();
        foreach (var (name, times) in file.Severities) severities.Add(SeverityOf(name), Targets(name, times));
        foreach (var severity in Enum.GetValues<Severity>())
        {
            if (!severities.ContainsKey(severity)) throw Wrong(ClocksFile, $"The severity {Name(severity)} is missing.");
        }

        var forces = new Dictionary<ForceId, ForceAgreement>();
        foreach (var (tag, agreed) in file.Forces)
        {
            if (!ForceId.TryParse(tag, null, out var force) || force == ForceId.Centre) throw Wrong(ClocksFile, $"'{tag}' is not the tag of a force.");
            forces.Add(force, Agreement(tag, agreed, severities, holidays));
        }

        return new(file.From, severities, forces) { Holidays = holidays.ToDictionary(each => each.Key, IReadOnlySet<DateOnly> (each) => each.Value, StringComparer.Ordinal) };
    }

    private static ClockTargets Targets(string name, TimesFile times)
    {
        if (times.AcknowledgeMinutes < 1 || times.AdviseMinutes < times.AcknowledgeMinutes || times.AdviseMinutes > MostMinutes || times.ActMinutes is < 1 or > MostMinutes)
            throw Wrong(ClocksFile, $"The times of {name} are 1 to {MostMinutes:N0} minutes each, and to advise takes no less than to acknowledge.");
        return new(TimeSpan.FromMinutes(times.AcknowledgeMinutes), TimeSpan.FromMinutes(times.AdviseMinutes), TimeSpan.FromMinutes(times.ActMinutes));
    }

    private static ForceAgreement Agreement(string tag, AgreementFile agreed, Dictionary<Severity, ClockTargets> national, Dictionary<string, HashSet<DateOnly>> holidays)
    {
        var act = new Dictionary<Severity, TimeSpan>();
        foreach (var (name, minutes) in agreed.ActMinutes ?? [])
        {
            var severity = SeverityOf(name);
            if (minutes < 1 || TimeSpan.FromMinutes(minutes) > national[severity].Act)
                throw Wrong(ClocksFile, $"{tag} agreed {minutes:N0} minutes for {name}: a force's time is at least a minute, and never longer than the nation's.");
            act.Add(severity, TimeSpan.FromMinutes(minutes));
        }

        if (agreed.Hours is null)
        {
            return agreed.Holidays is null ? new(act, WorkingCalendar.Always) : throw Wrong(ClocksFile, $"{tag} has bank holidays but no hours; one that works round the clock has neither.");
        }

        if (agreed.Holidays is null || !holidays.TryGetValue(agreed.Holidays, out var days)) throw Wrong(ClocksFile, $"{tag} has hours, so its 'holidays' is one of {string.Join(", ", holidays.Keys)}.");
        try
        {
            return new(act, WorkingCalendar.Of(agreed.Hours.ToDictionary(each => Day(tag, each.Key), each => Period(tag, each.Value)), days));
        }
        catch (FormatException e) when (!e.Message.StartsWith("national/", StringComparison.Ordinal))
        {
            throw Wrong(ClocksFile, $"{tag}: {e.Message}");
        }
    }

    private static DayOfWeek Day(string tag, string name) => Days.TryGetValue(name, out var day) ? day : throw Wrong(ClocksFile, $"{tag} has hours on '{name}', which is no day of the week: monday to sunday.");

    private static (int From, int Until) Period(string tag, string text)
    {
        var parts = text.Split('-');
        return parts.Length == 2 && Minutes(parts[0]) is { } from && Minutes(parts[1]) is { } until ? (from, until)
            : throw Wrong(ClocksFile, $"{tag} has hours '{text}'; they are written as 08:00-18:00.");
    }

    private static int? Minutes(string text) => text == "24:00" ? WorkingCalendar.MinutesOfADay
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;

    private static Dictionary<string, HashSet<DateOnly>> Holidays(string text)
    {
        var file = Parse<HolidayFile>(text, HolidaysFile);
        if (file.Until < file.From) throw Wrong(HolidaysFile, "'until' is before 'from'.");
        return new(StringComparer.Ordinal)
        {
            ["england-and-wales"] = Checked(file.EnglandAndWales), ["scotland"] = Checked(file.Scotland), ["northern-ireland"] = Checked(file.NorthernIreland),
        };

        HashSet<DateOnly> Checked(List<DateOnly> days)
        {
            var seen = new HashSet<DateOnly>();
            foreach (var day in days)
            {
                if (!seen.Add(day)) throw Wrong(HolidaysFile, $"{day:yyyy-MM-dd} stands there twice.");
                if (day < file.From || day > file.Until) throw Wrong(HolidaysFile, $"{day:yyyy-MM-dd} is outside the days that the file is of.");
                if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) throw Wrong(HolidaysFile, $"{day:yyyy-MM-dd} is a {day.DayOfWeek}; its substitute day stands in its place.");
            }

            return seen;
        }
    }

    private static Severity SeverityOf(string name) => Enum.GetValues<Severity>().Where(each => Name(each) == name).Select(each => (Severity?)each).FirstOrDefault()
        ?? throw Wrong(ClocksFile, $"'{name}' is no severity: low, medium, high or critical.");

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Text(string directory, string file)
    {
        var path = Path.Combine(directory, file);
        return File.Exists(path) ? File.ReadAllText(path) : throw Wrong(file, "The file is missing.");
    }

    private static T Parse<T>(string text, string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Strict) ?? throw Wrong(file, "The file holds nothing.");
        }
        catch (JsonException e)
        {
            throw Wrong(file, $"It cannot be read at {e.Path ?? "$"}, line {(e.LineNumber ?? 0) + 1}. {e.Message}");
        }
    }

    private static FormatException Wrong(string file, string what) => new($"national/response/{file}: {what}");

    private sealed record PolicyFile(DateOnly From, Dictionary<string, TimesFile> Severities, Dictionary<string, AgreementFile> Forces);

    private sealed record TimesFile(int AcknowledgeMinutes, int AdviseMinutes, int ActMinutes);

    private sealed record AgreementFile(Dictionary<string, int>? ActMinutes = null, Dictionary<string, string>? Hours = null, string? Holidays = null);

    private sealed record HolidayFile(
        DateOnly From,
        DateOnly Until,
        [property: System.Text.Json.Serialization.JsonPropertyName("england-and-wales")] List<DateOnly> EnglandAndWales,
        List<DateOnly> Scotland,
        [property: System.Text.Json.Serialization.JsonPropertyName("northern-ireland")] List<DateOnly> NorthernIreland);
}
