using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Shell.Nation;

/// <summary>
/// Reads the overview from what the modules offer. It knows no module: a new figure or a new kind of matter appears
/// here by being registered. One that fails is named and left out, so that the lamp never goes dark for one bulb.
/// </summary>
internal sealed partial class OverviewReader(
    IOrganisations organisations, IDelegationsInBrief delegations, IEnumerable<IForceFigure> figures,
    IEnumerable<IAttentionSource> sources, TimeProvider clock, ILogger<OverviewReader> logger)
{
    private const int MostMatters = 50;

    public async Task<OverviewView> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var all = await organisations.ListAsync(cancellationToken);
        var unread = new List<string>();
        var readings = new List<FigureReading>();
        foreach (var figure in figures.Where(f => principal.Holds(f.Permission)).OrderBy(f => f.Order))
        {
            var read = await AttemptAsync(async () => await ReadAsync(figure, principal, cancellationToken));
            if (read is null) unread.Add(figure.Title);
            else if (read.Values.Count > 0) readings.Add(read);
        }

        var matters = new List<AttentionItem>();
        foreach (var source in sources)
        {
            var read = await AttemptAsync(async () => await source.ReadAsync(principal, MostMatters, cancellationToken));
            if (read is null) unread.Add("Part of what needs a person");
            else matters.AddRange(read);
        }

        var granted = principal.IsCentre ? null
            : await AttemptAsync(async () => await delegations.GrantedAsync(principal, cancellationToken));
        var names = all.ToDictionary(o => o.Id, o => o.Name);
        return new OverviewView(clock.GetUtcNow(), all, readings,
            [.. matters.OrderBy(m => m.Due ?? DateTimeOffset.MaxValue).Take(MostMatters)
                .Select(m => new WaitingMatter(m, names.GetValueOrDefault(m.Force, m.Force.Value)))],
            granted, unread);
    }

    private static async Task<FigureReading> ReadAsync(IForceFigure figure, ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var values = await figure.ReadAsync(principal, cancellationToken);
        var own = values.GetValueOrDefault(principal.Home);
        var median = await figure.MedianAsync(principal, cancellationToken) ?? MedianOf(values, principal.Home);
        return new FigureReading(figure.Key, figure.Title, figure.Explanation, values, own, median);
    }

    /// <summary>The middle of what the principal sees anyway; of fewer than five others it would say too much or too little.</summary>
    private static string? MedianOf(IReadOnlyDictionary<ForceId, ForceValue> values, ForceId home)
    {
        var others = values.Where(v => v.Key != home).Select(v => v.Value).OrderBy(v => v.Value).ToList();
        return others.Count < 5 ? null : others[others.Count / 2].Words;
    }

    private async Task<T?> AttemptAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read();
        }
#pragma warning disable CA1031 // Whatever fails in one figure, the others are shown, the failure is named, and the log has the cause.
        catch (Exception e) when (e is not (OperationCanceledException or AccessRefusedException))
#pragma warning restore CA1031
        {
            Failed(logger, e);
            return null;
        }
    }

    [LoggerMessage(1701, LogLevel.Error, "A part of the overview could not be read.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
