using System.Globalization;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Http;

namespace Watchhouse.Monitoring.Collect.Pulling;

/// <summary>
/// A list of Microsoft Graph that is asked for by time: sign-ins, directory audits, alerts. Events arrive late there, and alerts come
/// back changed, so windows are listed several times and what is known already is passed over.
/// </summary>
internal sealed class GraphSource(ApiClient client, GraphList list) : IPullSource
{
    // What a batch answers lies in memory whole.
    private const int MostTogether = 4;
    private const int FewTogether = 200;

    public StreamRules Rules => list.Rules;

    public Task<IReadOnlyList<Subscription>> PrepareAsync(IReadOnlyDictionary<string, DateTimeOffset?> streams, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Subscription>>([]);

    public async Task<ListedPage> ListAsync(string stream, DateTimeOffset from, DateTimeOffset to, string? cursor, CancellationToken stop)
    {
        var address = cursor is null
            ? client.Target.Address.At(list.Version(stream) + Query(stream, from, to, list.Top))
            : client.Target.Address.Follow(cursor);
        return Page((await client.SendAsync(address, null, stop)).Body);
    }

    public async Task<IReadOnlyDictionary<Guid, ListedPage>> ListTogetherAsync(IReadOnlyList<CoverageWindow> windows, CancellationToken stop)
    {
        var pages = new Dictionary<Guid, ListedPage>();
        foreach (var group in windows.GroupBy(window => list.Version(window.Stream)))
            foreach (var together in group.Chunk(MostTogether).Where(chunk => chunk.Length > 1))
            {
                var bodies = await GraphBatch.GetAsync(
                    client, group.Key, [.. together.Select(window => Query(window.Stream, window.From, window.To, FewTogether))], stop);
                for (var i = 0; i < together.Length; i++)
                    if (bodies[i] is { } body)
                        pages[together[i].Id] = Page(body);
            }

        return pages;
    }

    public Task<ListedPage> FetchAsync(string address, CancellationToken stop) =>
        throw new InvalidOperationException("Microsoft Graph lists events themselves.");

    private ListedPage Page(ReadOnlyMemory<byte> body)
    {
        var page = JsonAnswer.Read(client, body, "value", "@odata.nextLink");
        return new ListedPage
        {
            Events = [.. page.Elements.Select(line => new PulledEvent(line, JsonPage.Key(line.Span, "id", list.Changed)))],
            Strange = page.Strange,
            Next = string.IsNullOrEmpty(page.Next) ? null : client.Target.Address.Follow(page.Next).AbsoluteUri,
        };
    }

    private string Query(string stream, DateTimeOffset from, DateTimeOffset to, int top)
    {
        var filter = $"{list.Time} ge {Text(from)} and {list.Time} lt {Text(to)}{list.Filter(stream)}";
        return $"/{list.Path}?$top={Math.Min(top, list.Top)}&$filter={Uri.EscapeDataString(filter)}";
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

/// <summary>What is different from list to list.</summary>
internal sealed record GraphList
{
    /// <summary>Sign-ins of people at a screen; the other kinds are in the beta version of Graph alone.</summary>
    public const string Interactive = "interactiveUser";

    public static readonly IReadOnlyList<string> SignInKinds = [Interactive, "nonInteractiveUser", "servicePrincipal", "managedIdentity"];

    public static readonly GraphList SignIns = new()
    {
        Path = "auditLogs/signIns",
        Time = "createdDateTime",
        Top = 1000,
        Version = static stream => stream == Interactive ? "v1.0" : "beta",
        Filter = static stream => stream == Interactive ? "" : $" and signInEventTypes/any(t: t eq '{stream}')",
        Rules = Late(TimeSpan.FromDays(30)),
    };

    public static readonly GraphList DirectoryAudits = new()
    {
        Path = "auditLogs/directoryAudits",
        Time = "activityDateTime",
        Top = 1000,
        Rules = Late(TimeSpan.FromDays(30)),
    };

    public static readonly GraphList Alerts = new()
    {
        Path = "security/alerts_v2",
        // The same alert comes back changed, under a later time.
        Time = "lastUpdateDateTime",
        Changed = "lastUpdateDateTime",
        Top = 200,
        Rules = Late(TimeSpan.FromDays(30)),
    };

    public required string Path { get; init; }

    public required string Time { get; init; }

    /// <summary>The member that tells one state of an event from the next.</summary>
    public string? Changed { get; init; }

    public required int Top { get; init; }

    public Func<string, string> Version { get; init; } = static _ => "v1.0";

    public Func<string, string> Filter { get; init; } = static _ => "";

    public required StreamRules Rules { get; init; }

    private static StreamRules Late(TimeSpan horizon) => new()
    {
        Longest = TimeSpan.FromHours(6),
        Horizon = horizon - TimeSpan.FromMinutes(5),
        Settle = TimeSpan.FromMinutes(2),
        Again = [TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24)],
    };
}
