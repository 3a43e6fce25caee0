using Microsoft.EntityFrameworkCore;
using Watchhouse.Lake;
using Watchhouse.Normalisation;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Archive;

/// <summary>How long events are kept; an empty table stands for all tables without a rule of their own.</summary>
internal sealed record RetentionAnswer(string Table, int Days);

/// <summary>What a rule would delete.</summary>
/// <param name="Before">Events of days before this one.</param>
/// <param name="Events">How many of them are there now.</param>
/// <param name="Held">How many more a legal hold keeps.</param>
internal sealed record RetentionEffect(DateOnly Before, long Events, long Held);

/// <summary>A legal hold on a force's events.</summary>
internal sealed record HoldAnswer(
    Guid Id, string? Table, DateTimeOffset From, DateTimeOffset To, string Reason, DateTimeOffset PlacedAt, DateTimeOffset? ReleasedAt, string? ReleaseReason);

/// <summary>What the archive has noted of a source; delays are seconds.</summary>
internal sealed record ArchivedSourceAnswer(
    ForceId Force, string Source, long Events, long Repeats, long Unreadable, long Late, long ClockAhead, long WithoutTime, long LongestDelay,
    long FarthestAhead, DateTimeOffset? LastEventAt);

/// <summary>Retention and legal holds: decisions of the force alone (law 1).</summary>
internal sealed class ArchiveOperations(IHouse house, LakeHost lake)
{
    private const int MostRules = 200;
    public const int MostDays = 36_525;
    private const string DaysRule = "Events are kept for 1 to 36,525 days. Leave the days out to keep them without end.";

    public async Task<IReadOnlyList<ArchivedSourceAnswer>> SourcesAsync(ActingPrincipal actor, ForceId? force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force }, cancellationToken);
        return await session.Db.Set<ArchivedSource>().AsNoTracking().OrderBy(s => s.ForceId).ThenBy(s => s.Source)
            .Select(s => new ArchivedSourceAnswer(
                s.ForceId, s.Source, s.Events, s.Repeats, s.Unreadable, s.Late, s.ClockAhead, s.WithoutTime, s.LongestDelay, s.FarthestAhead, s.LastEventAt))
            .ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<RetentionAnswer>> RetentionAsync(ActingPrincipal actor, ForceId force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force, Subject = "archive/retention" }, cancellationToken);
        return await session.Db.Set<RetentionRule>().AsNoTracking().Where(rule => rule.ForceId == force).OrderBy(rule => rule.Table)
            .Select(rule => new RetentionAnswer(rule.Table, rule.Days)).ToListAsync(cancellationToken);
    }

    /// <summary>What a rule would delete at once: events of the tables that it stands for, without those that are held.</summary>
    public async Task<Outcome<RetentionEffect>> EffectAsync(
        ActingPrincipal actor, ForceId force, string? table, int days, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.ArchiveManage) { Force = force, Logged = false }, cancellationToken);
        if (CheckTable(table, out var name) is { } unknown) return unknown;
        if (days is < 1 or > MostDays) return Failure.Invalid(DaysRule, "days");
        var before = FirstKept(session.Now, days);
        var ruled = await session.Db.Set<RetentionRule>().AsNoTracking().Where(rule => rule.ForceId == force && rule.Table != "").Select(rule => rule.Table).ToListAsync(cancellationToken);
        var manifest = await lake.ManifestAsync(cancellationToken);
        var files = await manifest.ListAsync(
            new LakeFileQuery { Owners = [force.Value], Table = name.Length == 0 ? null : name, ToDay = before.AddDays(-1) }, cancellationToken);
        var gone = files.Where(file => name.Length > 0 || !ruled.Contains(file.Table)).ToLookup(file => file.IsHeld);
        return new RetentionEffect(before, gone[false].Sum(file => file.Rows), gone[true].Sum(file => file.Rows));
    }

    /// <summary>The first day whose events stay when a rule of so many days holds; days are of UTC.</summary>
    public static DateOnly FirstKept(DateTimeOffset now, int days) => DateOnly.FromDateTime(now.UtcDateTime).AddDays(-days);

    /// <summary>Sets the rule of a table, or of all tables; without days it is taken away and events are kept.</summary>
    public async Task<Outcome<Done>> SetRetentionAsync(
        ActingPrincipal actor, ForceId force, string? table, int? days, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.ArchiveManage) { Force = force, Reason = reason }, cancellationToken);
        if (CheckTable(table, out var name) is { } unknown) return unknown;
        if (days is < 1 or > MostDays) return Failure.Invalid(DaysRule, "days");
        var rules = await session.Db.Set<RetentionRule>().Where(rule => rule.ForceId == force).ToListAsync(cancellationToken);
        var old = rules.Find(rule => rule.Table == name);
        if (old?.Days == days) return default(Done);
        if (old is null && rules.Count >= MostRules) return Failure.Conflict($"A force has at most {MostRules} rules of retention.");
        session.Record(force, "archive/retention",
            $"How long events of {(name.Length == 0 ? "all tables" : name)} are kept was changed.",
            new Dictionary<string, FieldChange> { ["days"] = new($"{old?.Days}", $"{days}") });
        if (days is not { } kept) session.Db.Remove(old!);
        else if (old is not null) old.Days = kept;
        else session.Db.Add(new RetentionRule { Id = Guid.CreateVersion7(session.Now), ForceId = force, Table = name, Days = kept });
        return await session.CommitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<HoldAnswer>> HoldsAsync(ActingPrincipal actor, ForceId force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force, Subject = "archive/holds" }, cancellationToken);
        var manifest = await lake.ManifestAsync(cancellationToken);
        var holds = await manifest.ListHoldsAsync(released: true, cancellationToken);
        return [.. holds.Where(hold => hold.Owner == force.Value).Select(Answer)];
    }

    /// <summary>Holds events of a time, whatever the retention says.</summary>
    public async Task<Outcome<HoldAnswer>> HoldAsync(
        ActingPrincipal actor, ForceId force, string? table, DateTimeOffset from, DateTimeOffset to, string? why, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.ArchiveManage) { Force = force, Reason = why }, cancellationToken);
        if (CheckTable(table, out var name) is { } unknown) return unknown;
        if (to <= from) return Failure.Invalid("The end of the time to be held lies after its beginning.", "to");
        if (string.IsNullOrWhiteSpace(why) || why.Length > 500) return Failure.Invalid("Say why in 1 to 500 characters, such as the case that needs the events.", "why");
        var hold = new LakeHold
        {
            Id = Guid.CreateVersion7(session.Now),
            Owner = force.Value,
            Table = name.Length == 0 ? null : name,
            From = from,
            To = to,
            Reason = why.Trim(),
            PlacedAt = session.Now,
        };
        // Held first: if the record fails, there is a hold too many, never one too few.
        await (await lake.ManifestAsync(cancellationToken)).PlaceHoldAsync(hold, cancellationToken);
        session.Record(force, $"archive/hold/{hold.Id}", $"Events from {from:O} to {to:O} are held: {hold.Reason}", action: "archive.held");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? Answer(hold) : done.Failure;
    }

    public async Task<Outcome<Done>> ReleaseAsync(ActingPrincipal actor, ForceId force, Guid id, string? why, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.ArchiveManage) { Force = force, Reason = why }, cancellationToken);
        if (string.IsNullOrWhiteSpace(why) || why.Length > 500) return Failure.Invalid("Say why in 1 to 500 characters.", "why");
        var manifest = await lake.ManifestAsync(cancellationToken);
        var holds = await manifest.ListHoldsAsync(released: false, cancellationToken);
        if (!holds.Any(hold => hold.Id == id && hold.Owner == force.Value)) return Failure.NotFound;
        // Written down first: nothing is let go of which nobody knows who did it.
        session.Record(force, $"archive/hold/{id}", $"A hold on events was released: {why.Trim()}", action: "archive.released");
        var done = await session.CommitAsync(cancellationToken);
        if (!done.Succeeded) return done;
        await manifest.ReleaseHoldAsync(id, why.Trim(), session.Now, cancellationToken);
        return default(Done);
    }

    private static Failure? CheckTable(string? table, out string name)
    {
        name = "";
        if (string.IsNullOrEmpty(table)) return null;
        if (TableCatalogue.Default.Find(table) is not { } schema)
            return Failure.Invalid($"There is no table '{(table.Length > 80 ? table[..80] : table)}'. Name one of Sentinel or Defender, such as SigninLogs, or leave it out for all.", "table");
        name = schema.Name;
        return null;
    }

    private static HoldAnswer Answer(LakeHold hold) =>
        new(hold.Id, hold.Table, hold.From, hold.To, hold.Reason, hold.PlacedAt, hold.ReleasedAt, hold.ReleaseReason);
}
