using Microsoft.EntityFrameworkCore;
using Watchhouse.Ledger;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Audit;

/// <summary>What to look for in the audit trail; null matches all.</summary>
public sealed record AuditQuery
{
    /// <summary>Rows of one export; a longer time is exported in parts.</summary>
    public const int MostExported = 10_000;

    public ForceId? Force { get; init; }

    public AuditOperation? Operation { get; init; }

    /// <summary>Part of the actor's name, the subject, the action or the summary.</summary>
    public string? Text { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Only entries before this one: the cursor of the next page.</summary>
    public long? BeforeId { get; init; }

    /// <summary>Rows a page, at most 200.</summary>
    public int Take { get; init; } = 50;

    /// <summary>Why the trail is searched.</summary>
    public string? Reason { get; init; }
}

/// <summary>An entry in a list, as one force sees it.</summary>
public sealed record AuditListing(
    long Id, ForceId Force, long Index, DateTimeOffset At, AuditOperation Operation, string Action, string ActorId, string ActorName,
    string ActorHome, string Subject, string Summary, string? Reason, string? Recipients)
{
    internal static AuditListing Of(AuditRow r) => new(r.Id, r.ForceId, r.LedgerIndex, r.At, r.Operation, r.Action, r.ActorId, r.ActorName,
        r.ActorHome, r.Subject, r.Summary, r.Reason, r.Recipients);
}

/// <summary>One page of results, newest first.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
/// <param name="Withheld">Forces left out because they demand a reason and none was given.</param>
public sealed record AuditPageResult(IReadOnlyList<AuditListing> Rows, long? Next, IReadOnlyList<ForceId> Withheld);

/// <summary>An entry with the proof that it is in the signed log (RFC 9162 section 2.1.3).</summary>
/// <param name="Index">Index in the ledger, from 0.</param>
/// <param name="Entry">The leaf, byte for byte, as text.</param>
/// <param name="LeafHash">Base64 of SHA-256(0x00 || entry).</param>
/// <param name="Checkpoint">The signed note that covers it.</param>
/// <param name="Path">Base64 hashes from the leaf to the root.</param>
public sealed record AuditProof(long Index, string Entry, string LeafHash, string Checkpoint, IReadOnlyList<string> Path);

/// <summary>Searches the audit trail and makes proofs from it. Looking at the trail is itself written to the trail.</summary>
public interface IAuditSearch
{
    Task<AuditPageResult> FindAsync(ActingPrincipal principal, AuditQuery query, CancellationToken cancellationToken);

    Task<Outcome<AuditProof>> ProveAsync(ActingPrincipal principal, long index, string? reason, CancellationToken cancellationToken);

    /// <summary>
    /// Rows to take away, newest first and at most <see cref="AuditQuery.MostExported"/>. It is a disclosure of one's own
    /// organisation's trail, and written down as one before the rows are given out.
    /// </summary>
    /// <param name="principal">Who takes them.</param>
    /// <param name="query">What to look for; the cursor and the page size do not count.</param>
    /// <param name="recipient">For whom, when it is somebody else.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<AuditListing>> ExportAsync(
        ActingPrincipal principal, AuditQuery query, string? recipient, CancellationToken cancellationToken);

    /// <summary>The newest signed checkpoint, for anybody to keep: a log that contradicts it later is shown to lie.</summary>
    string Checkpoint();
}

internal sealed class AuditSearch(IHouse house, AuditLedgerOptions options, LedgerAuditTrail trail) : IAuditSearch
{
    private const int MostText = 100;

    public string Checkpoint() => trail.Latest.Note.ToString();

    public async Task<AuditPageResult> FindAsync(ActingPrincipal principal, AuditQuery query, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            principal, new Access(Permissions.AuditRead) { Force = query.Force, Reason = query.Reason }, cancellationToken);
        var rows = Matching(session.Db, query);
        if (query.BeforeId is { } before) rows = rows.Where(r => r.Id < before);
        var take = Math.Clamp(query.Take, 1, 200);
        var page = await rows.OrderByDescending(r => r.Id).Take(take + 1).ToListAsync(cancellationToken);
        return new AuditPageResult([.. page.Take(take).Select(AuditListing.Of)], page.Count > take ? page[take - 1].Id : null, session.Withheld);
    }

    public async Task<IReadOnlyList<AuditListing>> ExportAsync(
        ActingPrincipal principal, AuditQuery query, string? recipient, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.AuditExport)
        {
            Force = query.Force ?? principal.Home,
            Reason = query.Reason,
            Recipients = recipient?.Trim() is { Length: > 0 } to ? [to] : [],
        }, cancellationToken);
        var all = await Matching(session.Db, query).OrderByDescending(r => r.Id).Take(AuditQuery.MostExported).ToListAsync(cancellationToken);
        return [.. all.Select(AuditListing.Of)];
    }

    public async Task<Outcome<AuditProof>> ProveAsync(
        ActingPrincipal principal, long index, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            principal, new Access(Permissions.AuditRead) { Subject = $"audit/{index}", Reason = reason }, cancellationToken);
        // The row is seen only by those whose force the entry touches; the ledger itself knows no forces.
        if (!await session.Db.Set<AuditRow>().AnyAsync(r => r.LedgerIndex == index, cancellationToken)) return Failure.NotFound;
        using var reader = LedgerReader.Open(options.Directory);
        var checkpoint = reader.ReadLatest();
        var proof = reader.ProveInclusion(index, checkpoint.Checkpoint.TreeSize);
        return new AuditProof(index, System.Text.Encoding.UTF8.GetString(reader.Read(index).Data.Span),
            reader.LeafHash(index).ToBase64(), checkpoint.Note.ToString(),
            [.. proof.Hashes.Select(h => h.ToBase64())]);
    }

    private static IQueryable<AuditRow> Matching(HouseDb db, AuditQuery query)
    {
        var rows = db.Set<AuditRow>().AsNoTracking();
        if (query.Operation is { } operation) rows = rows.Where(r => r.Operation == operation);
        if (query.From is { } from) rows = rows.Where(r => r.At >= from);
        if (query.Until is { } until) rows = rows.Where(r => r.At < until);
        if (query.Text?.Trim() is { Length: > 0 } text)
        {
            var like = $"%{Escape(text[..Math.Min(text.Length, MostText)].ToLowerInvariant())}%";
            rows = rows.Where(r => EF.Functions.Like(r.SearchText, like, "\\"));
        }

        return rows;
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
