using System.Globalization;
using System.Text;
using System.Text.Json;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Http;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect.Pulling;

/// <summary>
/// The Office 365 Management Activity API: blobs of each content type are listed by when they were made, in windows of at most a day
/// and seven days back, and fetched one by one. They come late and more than once, in no order.
/// </summary>
internal sealed class Office365Source(ApiClient client, Guid tenant) : IPullSource
{
    public static readonly IReadOnlyList<string> ContentTypes =
        ["Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General", "DLP.All"];

    /// <summary>Those that need no second permission.</summary>
    public static readonly IReadOnlyList<string> Usual = [.. ContentTypes.Take(4)];

    // A call to start may take that long to show.
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromMinutes(15);

    public static readonly StreamRules Times = new()
    {
        Longest = TimeSpan.FromHours(6),
        Horizon = TimeSpan.FromDays(7) - TimeSpan.FromMinutes(5),
        Settle = TimeSpan.FromMinutes(2),
        Again = [TimeSpan.FromMinutes(30), TimeSpan.FromHours(3), TimeSpan.FromHours(24), TimeSpan.FromHours(72)],
    };

    public StreamRules Rules => Times;

    /// <summary>Where the API of a tenant lies.</summary>
    public static ApiAddress Address(CollectOptions options, Guid tenant) => ApiAddress.Of(options.Office365, $"api/v1.0/{tenant}/activity/feed/");

    public async Task<IReadOnlyList<Subscription>> PrepareAsync(IReadOnlyDictionary<string, DateTimeOffset?> streams, CancellationToken stop)
    {
        var on = await OnAsync(stop);
        var known = new List<Subscription>();
        foreach (var (stream, startedAt) in streams)
        {
            var isOn = on.Contains(stream);
            var start = !isOn && !(startedAt + BetweenStarts > client.Clock.GetUtcNow());
            var problem = start ? await StartAsync(stream, stop) : null;
            known.Add(new Subscription(stream, isOn, start, problem));
        }

        return known;
    }

    public async Task<ListedPage> ListAsync(string stream, DateTimeOffset from, DateTimeOffset to, string? cursor, CancellationToken stop)
    {
        var address = cursor is null
            ? At("content", $"contentType={stream}&startTime={Time(from)}&endTime={Time(to)}")
            : client.Target.Address.Follow(cursor);
        var answer = await client.SendAsync(address, null, stop);
        var page = JsonAnswer.Read(client, answer.Body, "value", "");
        return new ListedPage
        {
            Blobs = [.. page.Elements.Select(Blob).OfType<BlobLine>()],
            Strange = page.Strange,
            Next = string.IsNullOrEmpty(answer.NextPage) ? null : client.Target.Address.Follow(answer.NextPage).AbsoluteUri,
        };
    }

    public Task<IReadOnlyDictionary<Guid, ListedPage>> ListTogetherAsync(IReadOnlyList<CoverageWindow> windows, CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<Guid, ListedPage>>(new Dictionary<Guid, ListedPage>());

    public async Task<ListedPage> FetchAsync(string address, CancellationToken stop)
    {
        var answer = await client.SendAsync(client.Target.Address.Follow(address), null, stop);
        var page = JsonAnswer.Read(client, answer.Body, "value", "");
        return new ListedPage { Events = [.. page.Elements.Select(line => new PulledEvent(line, JsonPage.Key(line.Span, "Id")))], Strange = page.Strange };
    }

    private async Task<HashSet<string>> OnAsync(CancellationToken stop)
    {
        var answer = await client.SendAsync(At("list", ""), null, stop);
        var on = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in JsonAnswer.Read(client, answer.Body, "value", "").Elements)
        {
            using var document = JsonDocument.Parse(line);
            if (Text(document.RootElement, "contentType") is { } type
                && string.Equals(Text(document.RootElement, "status"), "enabled", StringComparison.OrdinalIgnoreCase)) on.Add(type);
        }

        return on;
    }

    private async Task<string?> StartAsync(string stream, CancellationToken stop)
    {
        try
        {
            await client.SendAsync(At("start", $"contentType={stream}"), ReadOnlyMemory<byte>.Empty, stop);
        }
        catch (ApiException e) when (e.Code == "AF20024")
        {
            // Somebody else has started it meanwhile, which is all that was wanted.
        }
        catch (ApiException e) when (e.IsOfOneStream || e.Fault == ApiFault.Refused)
        {
            return $"{stream}: {e.Message}";
        }

        return null;
    }

    private BlobLine? Blob(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (Text(root, "contentId") is not { Length: > 0 } id || Text(root, "contentUri") is not { Length: > 0 } uri) return null;
        var created = Moment(root, "contentCreated") ?? client.Clock.GetUtcNow();
        // An address of somewhere else is no blob of this tenant: the whole page is refused, and nothing of it passes for covered.
        var address = client.Target.Address.Follow(uri).AbsoluteUri;
        if (address.Length > CollectModel.LongestAddress)
            throw new ApiException(ApiFault.Transient, $"{client.Target.Name} names an address of more than {CollectModel.LongestAddress} characters. It is tried again.");
        return new BlobLine(JsonPage.Hash(Encoding.UTF8.GetBytes(id)), address, created, Moment(root, "contentExpiration") ?? created + TimeSpan.FromDays(7));
    }

    private Uri At(string operation, string query) =>
        client.Target.Address.At($"subscriptions/{operation}?{query}{(query.Length > 0 ? "&" : "")}PublisherIdentifier={tenant}");

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Moment(JsonElement element, string name) =>
        DateTimeOffset.TryParse(Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment : null;
}
