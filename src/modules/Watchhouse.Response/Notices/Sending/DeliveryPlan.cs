using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices.Settings;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>A message that is to be made of a notice.</summary>
internal sealed record PlannedDelivery(NoticeChannel Channel, Guid Recipient, string To);

/// <summary>Who hears of a notice, and how. Pure.</summary>
internal static class DeliveryPlan
{
    /// <param name="severity">How much it matters.</param>
    /// <param name="people">Whom it is for.</param>
    /// <param name="preferences">How they are told; who chose nothing is told by mail.</param>
    /// <param name="endpoints">Where the force has notices posted to.</param>
    /// <param name="ways">The channels that are set up.</param>
    /// <param name="asksFor">Whether the person asks for it now, as with a test: then every way of theirs is taken.</param>
    public static IReadOnlyList<PlannedDelivery> Of(
        Severity severity, IEnumerable<Addressee> people, IReadOnlyDictionary<Guid, NoticePreference> preferences, IEnumerable<NoticeEndpoint> endpoints, IReadOnlySet<NoticeChannel> ways, bool asksFor = false)
    {
        var planned = new List<PlannedDelivery>();
        // One way for mail: a person who was told by both would be told twice.
        NoticeChannel? mail = ways.Contains(NoticeChannel.NotifyEmail) ? NoticeChannel.NotifyEmail : ways.Contains(NoticeChannel.Smtp) ? NoticeChannel.Smtp : null;
        foreach (var person in people.DistinctBy(each => each.Id))
        {
            var chosen = preferences.GetValueOrDefault(person.Id);
            if (mail is { } way && (asksFor || chosen is null || severity >= chosen.EmailFrom)) planned.Add(new(way, person.Id, person.Name));
            if (ways.Contains(NoticeChannel.NotifyText) && chosen?.SealedPhone is not null && (asksFor || severity >= chosen.TextFrom)) planned.Add(new(NoticeChannel.NotifyText, person.Id, person.Name));
        }

        planned.AddRange(endpoints.Where(each => each.IsOn && severity >= each.LeastSeverity && ways.Contains(each.Channel)).Select(each => new PlannedDelivery(each.Channel, each.Id, each.Name)));
        return planned;
    }
}
