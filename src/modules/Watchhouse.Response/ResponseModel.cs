using Microsoft.EntityFrameworkCore;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response;

/// <summary>The entities of response.</summary>
internal static class ResponseModel
{
    public static void Configure(ModelBuilder model)
    {
        model.ConfigurePlaybooks();
        model.ConfigureNotices();
        model.ConfigureIncidents();
        model.Entity<QueuedNotice>(notice =>
        {
            notice.ToTable("Notices").OwnedByForce(DelegationScope.Response);
            notice.Property(n => n.Key).HasMaxLength(QueuedNotice.LongestKey);
            notice.Property(n => n.Kind).HasMaxLength(40);
            notice.Property(n => n.Severity).HasMaxLength(20);
            notice.Property(n => n.Words).HasMaxLength(QueuedNotice.LongestWords);
            notice.Property(n => n.Link).HasMaxLength(QueuedNotice.LongestLink);
            notice.HasIndex(n => new { n.ForceId, n.Key }).IsUnique();
            notice.HasIndex(n => new { n.SentOutAt, n.CreatedAt });
        });
        EstateModel.Configure(model);
    }
}
