using Watchhouse.Lake;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>Which tables have had events in the last days, by what the archive lists; within the reader's sight.</summary>
internal sealed class ArrivingTables(IHouse house, LakeHost lake, TimeProvider clock) : IDisposable
{
    public const int Days = 7;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private (DateTimeOffset At, ILookup<string, ForceId> Forces)? _known;

    /// <summary>Forces in sight from which events of each table came.</summary>
    public async Task<ILookup<string, ForceId>> ReadAsync(ActingPrincipal actor, CancellationToken cancellationToken)
    {
        // Which force has which source is what the page of sources tells; it is asked of the same right.
        if (!actor.Holds(Permissions.SourcesRead)) return Array.Empty<string>().ToLookup(table => table, _ => ForceId.Centre);
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Logged = false }, cancellationToken);
        var seen = actor.ForcesFor(Permissions.SourcesRead).Except(session.Withheld).ToHashSet();
        return (await AllAsync(cancellationToken)).SelectMany(group => group.Where(seen.Contains).Select(force => (group.Key, force)))
            .ToLookup(each => each.Key, each => each.force);
    }

    public void Dispose() => _one.Dispose();

    private async Task<ILookup<string, ForceId>> AllAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (_known is { } known && now - known.At < Kept) return known.Forces;
            var manifest = await lake.ManifestAsync(cancellationToken);
            var files = await manifest.ListAsync(new LakeFileQuery { FromDay = DateOnly.FromDateTime(now.AddDays(-Days).UtcDateTime) }, cancellationToken);
            var forces = files.Select(file => (file.Table, file.Owner)).Distinct().Where(each => ForceId.TryParse(each.Owner, null, out _))
                .ToLookup(each => each.Table, each => ForceId.Of(each.Owner));
            _known = (now, forces);
            return forces;
        }
        finally
        {
            _one.Release();
        }
    }
}
