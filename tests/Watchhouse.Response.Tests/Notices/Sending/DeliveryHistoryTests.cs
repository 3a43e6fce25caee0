using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Notices.Sending;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>
/// Generated histories of services that fail in any way and a program that dies in the middle of calls: what a service took reached its person,
/// under one id, and nothing is lost.
/// </summary>
public sealed class DeliveryHistoryTests
{
    [Fact]
    public async Task Histories_OfAnyFailuresAndRestarts_LoseNothingAndSendNothingUnderTwoIds()
    {
        var (asked, blind) = (new WildChannel(NoticeChannel.NotifyEmail, canLook: true), new WildChannel(NoticeChannel.NotifyText, canLook: false));
        await using var house = await NoticeHouse.StartAsync(adjust: services =>
        {
            foreach (var real in services.Where(each => each.ServiceType == typeof(INoticeChannel)).ToList()) services.Remove(real);
            services.AddSingleton<INoticeChannel>(asked);
            services.AddSingleton<INoticeChannel>(blind);
        });
        var people = new[] { await house.PersonAsync(Kent), await house.PersonAsync(Kent) };
        await house.PreferAsync(people[0], new(Platform.Ui.Severity.Low, Platform.Ui.Severity.Low, "07700900123"));
        var (deaths, dead) = (0, 0);
        Gen.Int[0, int.MaxValue - 1].Sample(seed =>
        {
            var (died, gaveUp) = HistoryAsync(house, asked, blind, seed).GetAwaiter().GetResult();
            (deaths, dead) = (deaths + died, dead + gaveUp);
        }, iter: 40, threads: 1);
        Assert.True(deaths > 40, $"The program died too seldom to show anything: {deaths} times.");
        TestContext.Current.TestOutputHelper?.WriteLine($"The program died {deaths} times in a call; {dead} messages were given up.");
    }

    private static async Task<(int Deaths, int Dead)> HistoryAsync(NoticeHouse house, WildChannel asked, WildChannel blind, int seed)
    {
        var random = new Random(seed);
        var (deaths, calm) = (0, false);
        var life = new CancellationTokenSource();
        foreach (var channel in new[] { asked, blind })
        {
            channel.Next = () => calm ? Wild.Takes : (Wild)random.Next(Enum.GetValues<Wild>().Length);
            channel.Answers = () => calm || random.Next(3) > 0;
            channel.Die = () => life.Cancel();
        }

        var notices = new List<Guid>();
        for (var step = 0; step < 30; step++)
        {
            if (notices.Count < 3 && random.Next(3) == 0) notices.Add(await house.TellAsync(Kent));
            await house.Get<NoticeFanOut>().RoundAsync(Now);
            deaths += await WorkAsync();
            house.Clock.Move(TimeSpan.FromMinutes(random.Next(1, random.Next(5) == 0 ? 300 : 5)));
        }

        // All services are well again: what was not given up comes to its end.
        calm = true;
        await house.Get<NoticeFanOut>().RoundAsync(Now);
        for (var hour = 0; hour < 12; hour++)
        {
            await WorkAsync();
            house.Clock.Move(TimeSpan.FromHours(2));
        }

        var gaveUp = 0;
        foreach (var notice in notices)
        {
            var messages = await house.DeliveriesAsync(notice);
            // Two by mail and one by text: each once, whatever died while they were made.
            Assert.Equal(3, messages.Count);
            foreach (var message in messages)
            {
                var channel = message.Channel == NoticeChannel.NotifyEmail ? asked : blind;
                var taken = channel.Taken.Count(each => each.Id == message.Id);
                Assert.True(message.State is DeliveryState.Sent or DeliveryState.Delivered or DeliveryState.Dead, $"seed {seed}: {message.State} {message.Words}");
                if (message.State == DeliveryState.Dead) gaveUp++;
                else Assert.True(taken > 0, $"seed {seed}: said to be {message.State}, and never taken.");
                // What can be looked for is sent again only when it is not there.
                if (channel.CanLook) Assert.InRange(taken, 0, 1);
            }

            var ids = messages.Select(each => each.Id).ToHashSet();
            Assert.Equal(3, ids.Count);
        }

        return (deaths, gaveUp);

        async Task<int> WorkAsync()
        {
            var died = 0;
            foreach (var channel in new[] { asked, blind })
            {
                foreach (var id in await house.Work.DueAsync(channel.Channel, 50, Now))
                {
                    try
                    {
                        await house.Work.StepAsync(id, life.Token);
                    }
                    catch (OperationCanceledException) when (life.IsCancellationRequested)
                    {
                        life = new CancellationTokenSource();
                        died++;
                    }
                }
            }

            return died;
        }
    }

    private enum Wild
    {
        Takes,
        Refuses,
        Later,
        LostBefore,
        LostAfter,
        DiesBefore,
        DiesAfter,
    }

    /// <summary>A service that takes again what it is sent again, so that a test sees it. Asked, it tells the truth or nothing.</summary>
    private sealed class WildChannel(NoticeChannel channel, bool canLook) : INoticeChannel
    {
        public ConcurrentQueue<OutgoingMessage> Taken { get; } = new();

        public Func<Wild> Next { get; set; } = () => Wild.Takes;

        public Func<bool> Answers { get; set; } = () => true;

        public Action Die { get; set; } = () => { };

        public NoticeChannel Channel => channel;

        public bool IsSetUp => true;

        public bool CanLook => canLook;

        public Task<SendAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            var wild = Next();
            if (wild is Wild.Takes or Wild.LostAfter or Wild.DiesAfter) Taken.Enqueue(message);
            if (wild is Wild.DiesBefore or Wild.DiesAfter)
            {
                Die();
                throw new OperationCanceledException("The program ended.");
            }

            return Task.FromResult<SendAnswer>(wild switch
            {
                Wild.Takes => new(SendOutcome.Sent, "Taken."),
                Wild.Refuses => new(SendOutcome.Refused, "Refused."),
                Wild.Later => new(SendOutcome.TryLater, "Later.") { RetryAfter = TimeSpan.FromSeconds(90) },
                _ => new(SendOutcome.Unclear, "No answer."),
            });
        }

        public Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken cancellationToken) => Task.FromResult<SendAnswer>(
            !Answers() ? new(SendOutcome.Unclear, "") : Taken.Any(each => each.Id == message.Id) ? new(SendOutcome.Delivered, "It arrived.") : new(SendOutcome.NotThere, ""));
    }
}
