using Watchhouse.Lake.Files;

namespace Watchhouse.Lake;

public sealed partial class LakeKeeper
{
    /// <summary>
    /// Lets the events go whose days are over: their files are no longer read, and <see cref="SweepAsync"/> deletes them
    /// after the grace. Files that a hold covers survive. Owners and tables without a rule are kept for ever.
    /// </summary>
    /// <param name="rules">How long events are kept.</param>
    /// <param name="today">The present UTC day.</param>
    /// <param name="cancellation">Stops between tables.</param>
    public Task<LakeExpiry> ExpireAsync(
        IReadOnlyList<LakeRetention> rules, DateOnly today, CancellationToken cancellation = default) => AloneAsync(
        async () =>
        {
            foreach (var rule in rules)
                ArgumentOutOfRangeException.ThrowIfNegative(rule.Days, nameof(rules));
            var live = await _manifest.ListAsync(new LakeFileQuery(), cancellation);
            var done = new LakeExpiry(0, 0);
            foreach (var (owner, table) in live.Select(file => (file.Owner, file.Table)).Distinct())
            {
                if (Closest(rules, owner, table) is not { } rule)
                    continue;
                var before = DateOnly.FromDayNumber(Math.Max(0, today.DayNumber - rule.Days));
                var (expired, held) = await _manifest.ExpireAsync(owner, table, before, _options.Time.GetUtcNow(), cancellation);
                done = new LakeExpiry(done.Expired + expired, done.Held + held);
            }

            return done;
        },
        cancellation);

    /// <summary>
    /// Deletes the files that were replaced or expired longer ago than the grace. A crash in between is made good by the
    /// next call.
    /// </summary>
    /// <returns>The number of files deleted.</returns>
    public Task<int> SweepAsync(CancellationToken cancellation = default) => AloneAsync(
        async () =>
        {
            var now = _options.Time.GetUtcNow();
            var doomed = await _manifest.DoomAsync(now - _options.Grace, now, cancellation);
            foreach (var file in doomed)
            {
                _options.Probe?.Invoke(LakeStep.Deleting, _layout.PackedPath(file));
                DurableFiles.Delete(_layout, file);
            }

            await _manifest.ForgetAsync([.. doomed.Select(file => file.Id)], cancellation);
            foreach (var directory in doomed.Select(file => _layout.DayDirectory(file.Owner, file.Day)).Distinct())
                RemoveIfEmpty(directory);
            return doomed.Count;
        },
        cancellation);

    /// <summary>Holds the events of a range: every file of the owner that has one survives until the release.</summary>
    /// <param name="owner">Whose events.</param>
    /// <param name="table">The table, or null for all.</param>
    /// <param name="from">First instant.</param>
    /// <param name="to">End, not included.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<LakeHold> HoldAsync(
        string owner, string? table, DateTimeOffset from, DateTimeOffset to, string reason,
        CancellationToken cancellation = default)
    {
        LakeNames.CheckOwner(owner);
        if (table is not null) LakeNames.CheckTable(table);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (to <= from)
            throw new ArgumentException("The range of a hold must end after it begins.", nameof(to));
        return await PlaceAsync(NewHold(owner, reason) with { Table = table, From = from, To = to }, cancellation);
    }

    /// <summary>Holds one file as it is, byte for byte, until the release.</summary>
    /// <exception cref="LakeConflictException">The owner has no such file any more.</exception>
    public async Task<LakeHold> HoldFileAsync(
        string owner, Guid file, string reason, CancellationToken cancellation = default)
    {
        LakeNames.CheckOwner(owner);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return await PlaceAsync(NewHold(owner, reason) with { FileId = file }, cancellation);
    }

    /// <summary>Releases a hold. What it covered goes with the next run of the retention, unless another hold covers it.</summary>
    /// <returns>False if there is no such hold in force.</returns>
    public Task<bool> ReleaseAsync(Guid hold, string reason, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return _manifest.ReleaseHoldAsync(hold, reason, _options.Time.GetUtcNow(), cancellation);
    }

    /// <summary>The rule for owner and table, or for the owner, or for the table, or for all; of equals the first.</summary>
    private static LakeRetention? Closest(IReadOnlyList<LakeRetention> rules, string owner, string table) => rules
        .Where(rule => (rule.Owner is null || rule.Owner == owner) && (rule.Table is null || rule.Table == table))
        .MaxBy(rule => (rule.Owner is null ? 0 : 2) + (rule.Table is null ? 0 : 1));

    private LakeHold NewHold(string owner, string reason)
    {
        var now = _options.Time.GetUtcNow();
        return new LakeHold { Id = Guid.CreateVersion7(now), Owner = owner, Reason = reason, PlacedAt = now };
    }

    private async Task<LakeHold> PlaceAsync(LakeHold hold, CancellationToken cancellation)
    {
        await _manifest.PlaceHoldAsync(hold, cancellation);
        return hold;
    }

    private static void RemoveIfEmpty(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Not empty, or gone already.
        }
    }
}
