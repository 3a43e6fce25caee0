using Watchhouse.Monitoring.Demonstration.Lines;

namespace Watchhouse.Monitoring.Demonstration.Stories;

/// <summary>
/// Consent phishing that spreads: a mail leads to an application that asks to read mail; who agrees becomes the sender of the next
/// mails, into other forces. Pure.
/// </summary>
internal static class ConsentStory
{
    private static readonly (string Application, string Subject, string Scope)[] Forms =
    [
        ("Shift Roster Sync", "Your roster has changed: please confirm", "User.Read Mail.ReadWrite Mail.Send offline_access"),
        ("Secure Evidence Viewer", "A file was shared with you: exhibit 4", "User.Read Files.Read.All Mail.Read offline_access"),
        ("Pension Portal Mail Link", "Your pension statement is ready", "User.Read MailboxSettings.ReadWrite Mail.Read offline_access"),
    ];

    public static IEnumerable<DemoEvent> Tell(Episode episode)
    {
        var dice = episode.Dice("consent");
        var (application, subject, scope) = Forms[episode.Form];
        var forces = episode.Cast().Consent;
        var stranger = $"203.0.113.{DemoJson.Number(10 + dice.Below(80))}";
        var victims = forces.Select(_ => dice.Below(DemoForce.Officers / 2)).ToArray();
        var link = $"https://login.{application.Replace(' ', '-').ToLowerInvariant()}.example/consent";
        var telling = new Telling(episode, dice, stranger);

        // The first force: mail, click, consent within half a minute; then the application hides its tracks.
        foreach (var each in telling.Mails(forces[0], 2, "rosters@hr-service.example", subject, link, victims[0])) yield return each;
        foreach (var each in telling.Agrees(forces[0], 14, victims[0], application, scope, link)) yield return each;
        yield return OfficeLines.InboxRule(forces[0], telling.At(105), dice, forces[0].Mail(victims[0]), stranger,
            ("Name", ".."), ("SubjectOrBodyContainsWords", "phishing;suspicious;service desk"), ("MoveToFolder", "RSS Feeds"), ("MarkAsRead", "True"));
        for (var at = 0; at < 6; at++)
            yield return OfficeLines.MailboxItems(forces[0], telling.At(130 + (at * 9)), dice, forces[0].Mail(victims[0]), stranger, "Client=REST;Demonstration");

        // The next ones get theirs from a colleague whom they know.
        var sender = forces[0].Mail(victims[0]);
        foreach (var each in telling.Mails(forces[1], 205, sender, subject, link, victims[1])) yield return each;
        foreach (var each in telling.Agrees(forces[1], 240, victims[1], application, scope, link)) yield return each;
        foreach (var each in telling.Mails(forces[2], 280, sender, subject, link, victims[2])) yield return each;
        foreach (var each in telling.Agrees(forces[2], 325, victims[2], application, scope, link)) yield return each;
        yield return OfficeLines.InboxRule(forces[1], telling.At(375), dice, forces[1].Mail(victims[1]), stranger,
            ("Name", "Sent items"), ("ForwardTo", "collector@mail.example"), ("StopProcessingRules", "True"));
        // One more in the last force falls for it.
        foreach (var each in telling.Agrees(forces[2], 505, victims[2] + DemoForce.Officers / 2, application, scope, link)) yield return each;
    }

    private sealed class Telling(Episode episode, DemoDice dice, string stranger)
    {
        public DateTimeOffset At(int second) => episode.Start.AddSeconds(second).AddMilliseconds(dice.Below(900));

        public IEnumerable<DemoEvent> Mails(DemoForce force, int second, string sender, string subject, string link, int victim)
        {
            if (!force.Has(DemoSource.Defender)) yield break;
            foreach (var person in new[] { victim, victim + 3, victim + 7, victim + 12 })
                yield return DefenderLines.Mail(force, At(second), dice, sender, force.Mail(person), subject, "Inbound", link);
        }

        public IEnumerable<DemoEvent> Agrees(DemoForce force, int second, int person, string application, string scope, string link)
        {
            if (force.Has(DemoSource.Defender)) yield return DefenderLines.Click(force, At(second), dice, force.Mail(person), link);
            yield return EntraLines.SignIn(force, At(second + 4), dice, person, force.Egress, 0, application);
            yield return EntraLines.Consent(force, At(second + 8), dice, person, force.Egress, application, scope);
            yield return OfficeLines.MailboxItems(force, At(second + 25), dice, force.Mail(person), stranger, "Client=REST;Demonstration");
        }
    }
}
