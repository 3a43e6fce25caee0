using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Notices.Settings;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>How notices leave the house: services, entities and addresses.</summary>
internal static class SendingSetup
{
    public static void AddSending(this IServiceCollection services, IConfiguration configuration)
    {
        // What is set up wrong stops the start: people who think that they are told must not find out in an emergency.
        services.AddOptions<NoticesOptions>().Bind(configuration.GetSection(NoticesOptions.Section)).PostConfigure(static options => options.Check()).ValidateOnStart();
        services.AddMicrosoftApis();
        services.AddSingleton<NotifyService>();
        services.AddSingleton<EndpointHttp>();
        services.AddSingleton<INoticeChannel, NotifyEmailChannel>();
        services.AddSingleton<INoticeChannel, NotifyTextChannel>();
        services.AddSingleton<INoticeChannel, SmtpChannel>();
        services.AddSingleton<INoticeChannel, WebhookChannel>();
        services.AddSingleton<INoticeChannel, TeamsChannel>();
        services.AddSingleton<NoticeVault>();
        services.AddSingleton<PreferenceOperations>();
        services.AddSingleton<EndpointOperations>();
        services.AddSingleton<NotificationQueries>();
        services.AddSingleton<NoticeTests>();
        services.AddSingleton<DeliveryOperations>();
        services.AddSingleton<PreferencePruning>();
        services.AddSingleton<NoticeFanOut>();
        services.AddSingleton<DeliveryWork>();
        services.AddHostedService<NoticesWorker>();
    }

    public static void ConfigureSending(this ModelBuilder model)
    {
        model.Entity<Delivery>(delivery =>
        {
            delivery.ToTable("Deliveries").OwnedByForce(DelegationScope.Response);
            delivery.Property(d => d.To).HasMaxLength(Delivery.LongestName);
            delivery.Property(d => d.Words).HasMaxLength(Delivery.LongestWords);
            delivery.Property(d => d.ProviderId).HasMaxLength(100);
            // One notice goes to one recipient by one channel once, whoever spreads it.
            delivery.HasIndex(d => new { d.NoticeId, d.Channel, d.Recipient }).IsUnique();
            delivery.HasIndex(d => new { d.Channel, d.NextAt });
            delivery.HasIndex(d => new { d.ForceId, d.Channel, d.FailedAt });
        });
        model.Entity<NoticePreference>(preference =>
        {
            preference.ToTable("NoticePreferences").OwnedByForce(DelegationScope.Response);
            preference.Ignore(p => p.Quiet);
            preference.Property(p => p.SealedPhone).HasMaxLength(2_000);
            preference.Property(p => p.PhoneHint).HasMaxLength(20);
            preference.HasIndex(p => new { p.ForceId, p.PersonId }).IsUnique();
        });
        model.Entity<NoticeEndpoint>(endpoint =>
        {
            // What is sealed for a force opens for no other: a successor enters its own.
            endpoint.ToTable("NoticeEndpoints").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            endpoint.Property(e => e.Name).HasMaxLength(NoticeEndpoint.LongestName);
            endpoint.Property(e => e.Host).HasMaxLength(300);
            endpoint.Property(e => e.SealedAddress).HasMaxLength(8_000);
            endpoint.Property(e => e.SealedSecret).HasMaxLength(2_000);
            endpoint.Property(e => e.SealedBefore).HasMaxLength(2_000);
            endpoint.Property(e => e.CreatedBy).HasMaxLength(200);
        });
    }

    public static void MapSending(this IEndpointRouteBuilder endpoints, RouteGroupBuilder outbox)
    {
        outbox.MapGet("/{id:guid}/messages", async (ActingPrincipal actor, HttpRequest request, DeliveryOperations deliveries, Guid id, CancellationToken stop) =>
                (await deliveries.OfAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.NoticesRead).WithName("NoticeMessages").WithSummary("The messages that were made of a notice: to whom, by what, and what became of them.")
            .Produces<IEnumerable<DeliveryModel>>().ProducesProblem(404);
        outbox.MapPost("/messages/{id:guid}/send-again", async (ActingPrincipal actor, HttpRequest request, DeliveryOperations deliveries, Guid id, CancellationToken stop) =>
                (await deliveries.AgainAsync(With(actor, request), id, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.NoticesManage).WithName("SendMessageAgain").WithSummary("Sends a message again that was given up.").ProducesProblem(404).ProducesProblem(409);

        var group = endpoints.MapGroup("/api/v1/notifications").WithTags("Notices");
        group.MapGet("", async (ActingPrincipal actor, NotificationQueries queries, CancellationToken stop) => Results.Ok(await queries.ReadAsync(actor, stop)))
            .Requires(Permissions.NoticesReceive).WithName("Notifications").WithSummary("How one is told, how the channels are, and, for those who manage them, the endpoints of one's own force.").Produces<NotificationsView>();
        group.MapPut("/preferences", async (ActingPrincipal actor, HttpRequest request, PreferenceOperations operations, IAddressees addressees, PreferenceInput input, CancellationToken stop) =>
                (await operations.SetAsync(With(actor, request), input, stop)).ToHttp(kept => Results.Ok(NotificationQueries.Answer(kept, null))))
            .Requires(Permissions.NoticesReceive).WithName("SetNotificationPreferences")
            .WithSummary("Say how one is told: all of it; a number that is left out stays. Times are London's.").Produces<PreferenceModel>().ProducesProblem(400).ProducesProblem(409);
        group.MapPost("/test", async (ActingPrincipal actor, HttpRequest request, NoticeTests tests, CancellationToken stop) =>
                (await tests.MeAsync(With(actor, request), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.NoticesReceive).WithName("TestNotifications").WithSummary("Send oneself a test by every way that one has.").Produces<TestSent>().ProducesProblem(409);
        group.MapPost("/endpoints", async (ActingPrincipal actor, HttpRequest request, EndpointOperations operations, EndpointInput input, CancellationToken stop) =>
                (await operations.CreateAsync(With(actor, request), input, stop)).ToHttp(made => Results.Created($"/api/v1/notifications/endpoints/{made.Endpoint.Id}", made)))
            .Requires(Permissions.NoticesManage).WithName("CreateNoticeEndpoint")
            .WithSummary("Set up a webhook or Teams workflow of one's own force. The answer bears the secret of a webhook, this once.").Produces<EndpointMade>(201).ProducesProblem(400).ProducesProblem(409);
        group.MapPut("/endpoints/{id:guid}", async (ActingPrincipal actor, HttpRequest request, EndpointOperations operations, Guid id, EndpointInput input, CancellationToken stop) =>
                (await operations.ChangeAsync(With(actor, request), id, input, stop)).ToHttp(Results.Ok))
            .Requires(Permissions.NoticesManage).WithName("ChangeNoticeEndpoint").WithSummary("Change an endpoint; what is left out stays.").Produces<EndpointModel>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/endpoints/{id:guid}/secret", async (ActingPrincipal actor, HttpRequest request, EndpointOperations operations, Guid id, CancellationToken stop) =>
                (await operations.RotateAsync(With(actor, request), id, stop)).ToHttp(Results.Ok))
            .Requires(Permissions.NoticesManage).WithName("RotateNoticeSecret").WithSummary("Make a new secret; the one before signs too for a day.").Produces<EndpointMade>().ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/endpoints/{id:guid}/test", async (ActingPrincipal actor, HttpRequest request, NoticeTests tests, Guid id, CancellationToken stop) =>
                (await tests.EndpointAsync(With(actor, request), id, stop)).ToHttp(Results.Ok))
            .Requires(Permissions.NoticesManage).WithName("TestNoticeEndpoint").WithSummary("Send a test to an endpoint.").Produces<TestSent>().ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/endpoints/{id:guid}", async (ActingPrincipal actor, HttpRequest request, EndpointOperations operations, Guid id, CancellationToken stop) =>
                (await operations.RemoveAsync(With(actor, request), id, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.NoticesManage).WithName("RemoveNoticeEndpoint").WithSummary("Remove an endpoint with its secret; what waits for it is not sent.").Produces(204).ProducesProblem(404);
    }

    private static ActingPrincipal With(ActingPrincipal actor, HttpRequest request) => actor with { StatedReason = request.Reason() ?? actor.StatedReason };
}
