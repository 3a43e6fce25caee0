using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.People;

/// <summary>How screens say what is stored of a person.</summary>
internal static class PersonWords
{
    public static string Status(string status) => status switch
    {
        nameof(PersonStatus.Invited) => "Not signed in yet",
        nameof(PersonStatus.Left) => "Left",
        _ => status,
    };

    public static Tone Tone(string status) => status switch
    {
        nameof(PersonStatus.Invited) => Platform.Ui.Tone.Accent,
        nameof(PersonStatus.Active) => Platform.Ui.Tone.Good,
        nameof(PersonStatus.Suspended) => Platform.Ui.Tone.Warning,
        _ => Platform.Ui.Tone.Neutral,
    };

    public static string Method(string method) => method switch
    {
        "passkey" => "Passkey",
        "password+totp" => "Password and code",
        "entra" => "Entra ID",
        "demonstration" => "Demonstration",
        _ => method,
    };

    public static string Roles(IEnumerable<Role> roles) => string.Join(", ", roles.Select(r => r.Describe().Title));
}

/// <summary>Something that happened to a person, for the timeline.</summary>
internal sealed record PersonEvent(DateTimeOffset At, string Icon, Tone Tone, string What, string? By)
{
    /// <summary>The history of a person from what is stored, newest first.</summary>
    public static IReadOnlyList<PersonEvent> Of(PersonDetail detail, Func<string, string> organisation)
    {
        var person = detail.Person;
        var events = new List<PersonEvent> { new(person.JoinedAt, "PersonAdd", Tone.Accent, "Taken in", null) };
        foreach (var role in detail.Roles)
        {
            var where = role.Force == person.Force ? "" : $" at {organisation(role.Force.Value)}";
            events.Add(new PersonEvent(role.From, "ShieldKeyhole", Tone.Good, $"{role.Title}{where} given", role.GivenBy));
            if (role.Until is { } until)
                events.Add(new PersonEvent(until, "Dismiss", Tone.Neutral, $"{role.Title}{where} ended", role.EndedBy));
        }

        if (person.LeftAt is { } left) events.Add(new PersonEvent(left, "SignOut", Tone.Warning, "Left", null));
        // What happened in one moment is read in the order in which it was done.
        return [.. events.OrderByDescending(e => e.At).ThenBy(e => e.What == "Taken in")];
    }
}
