using CsCheck;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Notices.Sending;
using Watchhouse.Response.Notices.Settings;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>Rules without a house: quiet hours, waits, who is told, words that may leave.</summary>
public sealed class DeliveryPureTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Gen<DateTimeOffset> Moments = Gen.Int[0, 2 * 365 * 24 * 60].Select(minutes => Begin.AddMinutes(minutes));

    [Fact]
    public void QuietHours_AtAnyMoment_EndLaterAndWithinADayAndAreOverThen() =>
        Gen.Select(Gen.Int[0, 1439], Gen.Int[0, 1439], Moments).Where((from, until, _) => from != until).Sample((from, until, now) =>
        {
            var quiet = new QuietHours(from, until);
            if (quiet.EndsAfter(now) is not { } ends) return;
            Assert.True(ends > now && ends - now <= TimeSpan.FromHours(25), $"{from}–{until} at {now:u} ends {ends:u}");
            Assert.Null(quiet.EndsAfter(ends));
        }, iter: 20_000);

    [Theory]
    [InlineData("22:00", "07:00", "2026-07-01T21:30:00Z", "2026-07-02T06:00:00Z")]
    [InlineData("22:00", "07:00", "2026-12-01T21:30:00Z", null)]
    [InlineData("22:00", "07:00", "2026-12-01T22:30:00Z", "2026-12-02T07:00:00Z")]
    [InlineData("22:00", "07:00", "2026-03-29T00:30:00Z", "2026-03-29T06:00:00Z")]
    [InlineData("22:00", "01:30", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("12:00", "13:00", "2026-12-01T12:59:59Z", "2026-12-01T13:00:00Z")]
    public void QuietHours_InLondon_FollowTheClockOnTheWall(string from, string until, string now, string? ends) =>
        Assert.Equal(ends is null ? null : DateTimeOffset.Parse(ends, System.Globalization.CultureInfo.InvariantCulture),
            QuietHours.Parse(from, until)!.Value.EndsAfter(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("22:00", "22:00")]
    [InlineData("", "07:00")]
    [InlineData("25:00", "07:00")]
    [InlineData("ten", "eleven")]
    public void QuietHours_OfNoTwoTimes_AreNone(string from, string until) => Assert.Null(QuietHours.Parse(from, until));

    [Theory]
    [InlineData(Severity.Critical, null, true)]
    [InlineData(Severity.High, null, false)]
    [InlineData(Severity.Low, 1, true)]
    [InlineData(Severity.Medium, 3, true)]
    [InlineData(Severity.Medium, 4, false)]
    public void IsUrgent_CategoriesC1ToC3AndCritical_WakePeople(Severity severity, int? category, bool expected) => Assert.Equal(expected, DeliveryRules.IsUrgent(severity, category));

    [Fact]
    public void Wait_AfterAnyAttempt_GrowsIsBoundedAndHonoursTheService() =>
        Gen.Select(Gen.Int[1, 40], Gen.Double[0, 1], Gen.Int[0, 100_000]).Sample((attempts, jitter, asked) =>
        {
            var own = DeliveryRules.Wait(attempts, null, jitter);
            Assert.InRange(own, TimeSpan.FromSeconds(15), TimeSpan.FromHours(1));
            Assert.True(DeliveryRules.Wait(attempts + 1, null, jitter) >= own);
            var bound = Math.Min(asked, 86_400);
            Assert.True(DeliveryRules.Wait(attempts, TimeSpan.FromSeconds(asked), jitter) >= TimeSpan.FromSeconds(bound));
        });

    [Fact]
    public void Plan_OfAnyPeople_TellsEachByAWayAtMostOnce() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 31], Gen.Int[0, 6].Array[0, 5]).Sample((severity, ways, chosen) =>
        {
            var channels = Enum.GetValues<NoticeChannel>().Where(channel => (ways & (1 << ((int)channel - 1))) != 0).ToHashSet();
            var people = chosen.Select((_, index) => new Addressee(Id(index), $"P{index}", "p@example.org")).ToList();
            var preferences = chosen.Select((choice, index) => new NoticePreference
            {
                Id = Id(index), ForceId = ForceId.Of("KNT"), PersonId = Id(index), ChangedAt = Begin, SealedPhone = choice % 2 == 0 ? "sealed" : null,
                EmailFrom = choice is >= 1 and <= 4 ? (Severity)choice : null, TextFrom = choice is >= 1 and <= 4 ? (Severity)choice : null,
            }).Where((_, index) => chosen[index] != 6).ToDictionary(each => each.PersonId);
            var plan = DeliveryPlan.Of((Severity)severity, [.. people, .. people], preferences, [], channels);
            Assert.Equal(plan.Count, plan.DistinctBy(each => (each.Recipient, DeliveryWords.Channel(each.Channel))).Count());
            Assert.All(plan, each => Assert.Contains(each.Channel, channels));
            foreach (var person in people)
            {
                var mailed = plan.Any(each => each.Recipient == person.Id && each.Channel is NoticeChannel.NotifyEmail or NoticeChannel.Smtp);
                var wants = !preferences.TryGetValue(person.Id, out var own) || (Severity)severity >= own.EmailFrom;
                Assert.Equal(wants && (channels.Contains(NoticeChannel.NotifyEmail) || channels.Contains(NoticeChannel.Smtp)), mailed);
            }
        });

    [Theory]
    [InlineData("An action in your force's estate waits for your decision.", true)]
    [InlineData("The Centre opened an incident of your force.", true)]
    [InlineData("Account pc1234@kent.police.uk was taken over.", false)]
    [InlineData("Host 10.1.2.3 answers.", false)]
    [InlineData("Look at https://evil.example.", false)]
    [InlineData("File d41d8cd98f00b204e9800998ecf8427e was seen.", false)]
    [InlineData("Server dc01.kent.local is down.", false)]
    [InlineData("Address fe80::1 answers.", false)]
    [InlineData("Rule \"Consent\" fired.", false)]
    public void Safe_WordsThatMustNotLeave_BecomePlain(string words, bool stay) => Assert.Equal(stay ? words : NoticeWords.Plain, NoticeWords.Safe(words));

    [Theory]
    [InlineData("/approvals/0198c0de-0000-7000-8000-000000000000", true)]
    [InlineData("/notifications", true)]
    [InlineData("//evil.example/x", false)]
    [InlineData("/alerts?q=officer@kent.example", false)]
    [InlineData("https://evil.example/", false)]
    public void SafeLink_OtherThanAPathOfIds_LeadsToTheOutbox(string link, bool stays) => Assert.Equal(stays ? link : "/outbox", NoticeWords.SafeLink(link));

    [Theory]
    [InlineData("delivered", SendOutcome.Delivered)]
    [InlineData("permanent-failure", SendOutcome.Refused)]
    [InlineData("temporary-failure", SendOutcome.TryLater)]
    [InlineData("technical-failure", SendOutcome.TryLater)]
    [InlineData("created", SendOutcome.Sent)]
    [InlineData("sending", SendOutcome.Sent)]
    [InlineData("pending", SendOutcome.Sent)]
    [InlineData(null, SendOutcome.Sent)]
    internal void Answer_OfNotify_IsUnderstood(string? status, SendOutcome expected) => Assert.Equal(expected, NotifyService.Answer(status).Outcome);

    private static Guid Id(int number) => new(number + 1, 0, 0, new byte[8]);
}
