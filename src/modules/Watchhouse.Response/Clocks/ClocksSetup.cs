using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Clocks;

internal static class ClocksSetup
{
    public static void AddClocks(this IServiceCollection services)
    {
        services.AddSingleton<ClockPolicyBook>();
        services.AddSingleton<ClockKeeper>();
        services.AddSingleton<ClockSettingOperations>();
        services.AddSingleton<ClockQueries>();
        services.AddSingleton<IClockReader>(provider => provider.GetRequiredService<ClockQueries>());
        services.AddSingleton<IAlertTimes, AlertTimes>();
        services.AddSingleton<ClockWork>();
        services.AddSingleton<AlertClockWork>();
        services.AddHostedService<ClockWorker>();
        services.AddHostedService<AlertClockWorker>();
    }

    public static void ConfigureClocks(this ModelBuilder model)
    {
        model.Entity<IncidentClock>(clock =>
        {
            clock.ToTable("IncidentClocks").OwnedByForce(DelegationScope.Response);
            clock.Property(c => c.Severity).HasConversion<string>().HasMaxLength(20);
            clock.Property(c => c.HoursAtEnd).HasMaxLength(400);
            clock.HasIndex(c => c.NextAt);
            clock.HasIndex(c => new { c.State, c.Due });
        });
        model.Entity<ClockEntry>(entry =>
        {
            entry.ToTable("ClockEntries").OwnedByForce(DelegationScope.Response);
            entry.Property(e => e.Reason).HasMaxLength(ClockEntry.LongestReason);
            entry.Property(e => e.By).HasMaxLength(200);
            entry.HasIndex(e => new { e.ClockId, e.At });
        });
        model.Entity<ClockSettings>(settings =>
        {
            settings.ToTable("ClockSettings").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            settings.Property(s => s.Holidays).HasMaxLength(40);
            settings.Property(s => s.ChangedBy).HasMaxLength(200);
            settings.HasIndex(s => s.ForceId).IsUnique();
        });
        model.Entity<ClockContact>(contact =>
        {
            contact.ToTable("ClockContacts").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            contact.Property(c => c.Name).HasMaxLength(200);
            contact.HasIndex(c => new { c.ForceId, c.Order }).IsUnique();
        });
        model.Entity<AlertClockPlace>(place =>
        {
            place.ToTable("AlertClockPlaces").NationalFact("It is read and written by the job that tells of alerts; no endpoint or page gives it out.");
            place.Property(p => p.Id).HasMaxLength(20);
        });
    }
}
