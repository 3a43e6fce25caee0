using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>A person says how they are told. Nobody says it for another.</summary>
internal sealed partial class PreferenceOperations(IHouse house, NoticeVault vault)
{
    private static readonly Failure NoPerson = Failure.Invalid("Only a person is told by mail or text. A program reads the outbox, or has a webhook.");
    private static readonly Failure Stale = Failure.Conflict("You changed this in another window in the meantime. Load it again and repeat your change.");

    public async Task<Outcome<NoticePreference>> SetAsync(ActingPrincipal actor, PreferenceInput input, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesReceive) { Force = actor.Home, Subject = "notice-preferences" }, cancellationToken);
        if (Person(actor) is not { } person) return NoPerson;
        var kept = await session.Db.Set<NoticePreference>().SingleOrDefaultAsync(each => each.ForceId == actor.Home && each.PersonId == person, cancellationToken);
        if (input.Version is { } version && version != (kept?.Version ?? 0)) return Stale;
        if (input.EmailFrom is { } email && !Enum.IsDefined(email)) return Failure.Invalid("The severity is Low, Medium, High or Critical.", "emailFrom");
        if (input.TextFrom is { } text && !Enum.IsDefined(text)) return Failure.Invalid("The severity is Low, Medium, High or Critical.", "textFrom");
        QuietHours? quiet = null;
        if (!string.IsNullOrWhiteSpace(input.QuietFrom) || !string.IsNullOrWhiteSpace(input.QuietUntil))
        {
            quiet = QuietHours.Parse(input.QuietFrom, input.QuietUntil);
            if (quiet is null) return Failure.Invalid("Give the quiet hours as two different times such as 22:00 and 07:00, or leave both empty.", "quietFrom");
        }

        var preference = kept ?? new NoticePreference { Id = Guid.CreateVersion7(session.Now), ForceId = actor.Home, PersonId = person, ChangedAt = session.Now };
        if (kept is null) session.Db.Add(preference);
        var before = Facts(preference, kept is null);
        if (input.Phone is { } phone)
        {
            var number = Separators().Replace(phone, "");
            if (number.Length == 0) (preference.SealedPhone, preference.PhoneHint) = (null, null);
            else if (!Number().IsMatch(number)) return Failure.Invalid("Give a mobile number such as 07700 900123, or with + and the country.", "phone");
            else (preference.SealedPhone, preference.PhoneHint) = (vault.SealPhone(person, number), $"… {number[^3..]}");
        }

        if (input.TextFrom is not null && preference.SealedPhone is null) return Failure.Invalid("For text messages give a mobile number.", "phone");
        (preference.EmailFrom, preference.TextFrom) = (input.EmailFrom, input.TextFrom);
        (preference.QuietFrom, preference.QuietUntil, preference.ChangedAt) = (quiet?.From, quiet?.Until, session.Now);
        var after = Facts(preference, false);
        var changes = after.Where(each => before.GetValueOrDefault(each.Key) != each.Value).ToDictionary(each => each.Key, each => new FieldChange(before.GetValueOrDefault(each.Key), each.Value));
        if (input.Phone is not null) changes["phone"] = new("not written down", "not written down");
        session.Record(actor.Home, $"notice-preferences/{person}", "Somebody changed how they are told.", changes, action: "notices.preferences");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? preference : done.Failure;
    }

    public static Guid? Person(ActingPrincipal actor) => actor.Kind == PrincipalKind.Person && Guid.TryParse(actor.Subject, out var id) ? id : null;

    // Never the number.
    private static Dictionary<string, string?> Facts(NoticePreference preference, bool isNew) => isNew ? [] : new()
    {
        ["emailFrom"] = preference.EmailFrom?.ToString(),
        ["textFrom"] = preference.TextFrom?.ToString(),
        ["quiet"] = preference.Quiet is { } quiet ? $"{QuietHours.Words(quiet.From)} to {QuietHours.Words(quiet.Until)}" : null,
    };

    [GeneratedRegex(@"[\s().-]")]
    private static partial Regex Separators();

    // E.164 has at most 15 digits; a national one begins with 07.
    [GeneratedRegex(@"^(07[0-9]{9}|\+[1-9][0-9]{7,14})\z")]
    private static partial Regex Number();
}
