using System.Globalization;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Http;

namespace Watchhouse.Monitoring.Collect.Pulling;

/// <summary>Azure Activity of one or more subscriptions, through Azure Resource Manager; a stream is a subscription.</summary>
internal sealed class AzureActivitySource(ApiClient client) : IPullSource
{
    public static readonly StreamRules Times = new()
    {
        Longest = TimeSpan.FromHours(6),
        Horizon = TimeSpan.FromDays(90) - TimeSpan.FromMinutes(5),
        Settle = TimeSpan.FromMinutes(2),
        Again = [TimeSpan.FromMinutes(30), TimeSpan.FromHours(3), TimeSpan.FromHours(24)],
    };

    public StreamRules Rules => Times;

    public Task<IReadOnlyList<Subscription>> PrepareAsync(IReadOnlyDictionary<string, DateTimeOffset?> streams, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Subscription>>([]);

    public async Task<ListedPage> ListAsync(string stream, DateTimeOffset from, DateTimeOffset to, string? cursor, CancellationToken stop)
    {
        // Its filter knows 'le' and not 'lt': what lies on the border is in both windows, and the archive keeps one of the two.
        var filter = $"eventTimestamp ge '{Text(from)}' and eventTimestamp le '{Text(to)}'";
        var address = cursor is null
            ? client.Target.Address.At(
                $"subscriptions/{stream}/providers/microsoft.insights/eventtypes/management/values?api-version=2015-04-01&$filter={Uri.EscapeDataString(filter)}")
            : client.Target.Address.Follow(cursor);
        var page = JsonAnswer.Read(client, (await client.SendAsync(address, null, stop)).Body, "value", "nextLink");
        return new ListedPage
        {
            Events = [.. page.Elements.Select(line => new PulledEvent(line, JsonPage.Key(line.Span, "eventDataId")))],
            Strange = page.Strange,
            Next = string.IsNullOrEmpty(page.Next) ? null : client.Target.Address.Follow(page.Next).AbsoluteUri,
        };
    }

    public Task<IReadOnlyDictionary<Guid, ListedPage>> ListTogetherAsync(IReadOnlyList<CoverageWindow> windows, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<Guid, ListedPage>>(new Dictionary<Guid, ListedPage>());

    public Task<ListedPage> FetchAsync(string address, CancellationToken stop) =>
        throw new InvalidOperationException("Azure Resource Manager lists events themselves.");

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
