using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices;

/// <summary>Notices: how they are stored, read and acknowledged.</summary>
internal static class NoticesSetup
{
    public static void AddNotices(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<INotices, NoticeQueue>();
        services.AddSingleton<Outbox>();
        services.AddSending(configuration);
    }

    public static void ConfigureNotices(this ModelBuilder model)
    {
        model.Entity<QueuedNotice>(Configure);
        model.ConfigureSending();
    }

    private static void Configure(EntityTypeBuilder<QueuedNotice> notice)
    {
        notice.ToTable("Notices").OwnedByForce(DelegationScope.Response);
        notice.Property(n => n.Key).HasMaxLength(QueuedNotice.LongestKey);
        notice.Property(n => n.Kind).HasMaxLength(40);
        notice.Property(n => n.Severity).HasMaxLength(20);
        notice.Property(n => n.Words).HasMaxLength(QueuedNotice.LongestWords);
        notice.Property(n => n.Link).HasMaxLength(QueuedNotice.LongestLink);
        notice.Property(n => n.AcknowledgedBy).HasMaxLength(QueuedNotice.LongestName);
        notice.HasIndex(n => new { n.ForceId, n.Key }).IsUnique();
        notice.HasIndex(n => new { n.ForceId, n.CreatedAt });
        notice.HasIndex(n => new { n.SentOutAt, n.CreatedAt });
    }

    public static void MapNotices(this IEndpointRouteBuilder endpoints)
    {
        var outbox = endpoints.MapGroup("/api/v1/outbox").WithTags("Notices");
        outbox.MapGet("", async (ActingPrincipal actor, HttpRequest request, Outbox notices, bool? waiting, Guid? before, CancellationToken stop) =>
                Results.Ok(await notices.ListAsync(actor, waiting, request.Reason(), stop, before: before)))
            .Requires(Permissions.NoticesRead).WithName("Outbox")
            .WithSummary("Notices to one's own organisation, the newest first; 200 at a time: 'waiting' takes true for those nobody acknowledged, 'before' the last id of the page before.").Produces<IEnumerable<NoticeModel>>();
        outbox.MapPost("/{id:guid}/acknowledge", async (ActingPrincipal actor, HttpRequest request, Outbox notices, Guid id, CancellationToken stop) =>
                (await notices.AcknowledgeAsync(actor with { StatedReason = request.Reason() ?? actor.StatedReason }, id, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.NoticesAcknowledge).WithName("AcknowledgeNotice").WithSummary("Says that one's own organisation knows; again changes nothing.").ProducesProblem(404);
        endpoints.MapSending(outbox);
    }
}
