using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Notices.Sending;
using Watchhouse.Response.Notices.Settings;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>A house with fake services beside it, a clock that is moved by hand, and no job: a test says when messages are taken on.</summary>
internal sealed class NoticeHouse : IAsyncDisposable
{
    private NoticeHouse(TestHouse house, HandClock clock) => (House, Clock) = (house, clock);

    public TestHouse House { get; }

    public HandClock Clock { get; }

    public DeliveryWork Work => Get<DeliveryWork>();

    public static async Task<NoticeHouse> StartAsync(Action<NoticesOptions>? settings = null, string? postgres = null, Action<IServiceCollection>? adjust = null, string? data = null)
    {
        var clock = new HandClock();
        var house = await TestHouse.StartAsync(postgres, Now, data, services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.Remove(services.Single(each => each.ServiceType == typeof(IHostedService) && each.ImplementationType == typeof(NoticesWorker)));
            services.Configure<NoticesOptions>(options =>
            {
                options.Address = "https://watchhouse.example";
                options.Timeout = TimeSpan.FromSeconds(2);
                options.Webhooks.Allowed.Add("127.0.0.0/8");
                settings?.Invoke(options);
            });
            adjust?.Invoke(services);
        });
        await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        return new NoticeHouse(house, clock);
    }

    public static Action<NoticesOptions> With(FakeNotify notify, bool mail = true, bool text = true) => options =>
    {
        (options.Notify.Address, options.Notify.ApiKey) = (notify.Address, FakeNotify.Key);
        if (mail) options.Notify.EmailTemplate = "0198c0de-0000-4000-8000-0000000000e1";
        if (text) options.Notify.TextTemplate = "0198c0de-0000-4000-8000-0000000000e2";
    };

    public static Action<NoticesOptions> With(FakeSmtp smtp) => options =>
        (options.Smtp.Host, options.Smtp.Port, options.Smtp.Security, options.Smtp.From) = ("127.0.0.1", smtp.Port, SmtpOptions.None, "watchhouse@nmc.example");

    public T Get<T>()
        where T : notnull => House.Services.GetRequiredService<T>();

    /// <summary>A person who works for the force, as they act.</summary>
    public async Task<ActingPrincipal> PersonAsync(ForceId force, Role role = Role.SecurityOfficer)
    {
        var person = await House.PersonAsync(force, role);
        return new ActingPrincipal { Kind = PrincipalKind.Person, Subject = person.Id.ToString(), Name = $"Test {role}", Home = force, Roles = [role] };
    }

    public async Task PreferAsync(ActingPrincipal who, PreferenceInput input) => Ok(await Get<PreferenceOperations>().SetAsync(who, input, Now));

    public async Task<Guid> TellAsync(ForceId force, string severity = "high", int? category = null, string words = "Something waits for your decision.", string? key = null)
    {
        key ??= Guid.NewGuid().ToString();
        await using var session = await OpenAsync();
        await Get<INotices>().AddAsync(session, new Notice(force, key, "approval", severity, words, "/approvals") { Roles = [Role.SecurityOfficer], Category = category }, Now);
        Ok(await session.CommitAsync(Now));
        return await session.Db.Set<QueuedNotice>().Where(each => each.ForceId == force && each.Key == key).Select(each => each.Id).SingleAsync(Now);
    }

    /// <summary>Spreads notices and takes on what is due, until nothing is.</summary>
    public async Task RoundAsync()
    {
        while (await Get<NoticeFanOut>().RoundAsync(Now) > 0)
        {
        }

        for (var round = 0; round < 20; round++)
        {
            var done = false;
            foreach (var channel in Enum.GetValues<NoticeChannel>())
                foreach (var id in await Work.DueAsync(channel, 100, Now)) done |= await Work.StepAsync(id, Now);
            if (!done) return;
        }
    }

    public async Task LaterAsync(TimeSpan by)
    {
        Clock.Move(by);
        await RoundAsync();
    }

    public async Task<List<Delivery>> DeliveriesAsync(Guid? notice = null)
    {
        await using var session = await OpenAsync();
        return await session.Db.Set<Delivery>().AsNoTracking().Where(each => notice == null || each.NoticeId == notice).OrderBy(each => each.CreatedAt).ThenBy(each => each.Channel).ToListAsync(Now);
    }

    public Task<HouseSession> OpenAsync() => Get<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.NoticesRead) { Logged = false }, Now);

    public ValueTask DisposeAsync() => House.DisposeAsync();
}
