using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Journal;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Ingest;

/// <summary>A running house with a collector of one force, and what its journal holds.</summary>
internal sealed class IngestHouse : IAsyncDisposable
{
    public static readonly ForceId Kent = ForceId.Of("KNT");
    public static readonly ForceId Essex = ForceId.Of("ESX");

    private IngestHouse(TestHouse house, string key) => (House, Key) = (house, key);

    public TestHouse House { get; }

    /// <summary>The key of Kent's collector.</summary>
    public string Key { get; }

    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<IngestHouse> StartAsync(
        Action<IServiceCollection>? adjust = null, string? data = null, string? postgres = null)
    {
        var house = await TestHouse.StartAsync(postgres, Now, data, adjust);
        // A house without people answers nobody but its set-up.
        await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        return new IngestHouse(house, (await house.ClientAsync(Kent, Role.Collector)).Key!);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string? type = null, string? authorization = null) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), type, null, authorization);

    public async Task<HttpResponseMessage> PostAsync(
        string path, byte[] body, string? type = null, string? coding = null, string? authorization = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding is not null) request.Content.Headers.ContentEncoding.Add(coding);
        if (authorization != "") request.Headers.TryAddWithoutValidation("Authorization", authorization ?? $"Bearer {Key}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await House.Client.SendAsync(request, Now);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? authorization = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (authorization != "") request.Headers.TryAddWithoutValidation("Authorization", authorization ?? $"Bearer {Key}");
        return await House.Client.SendAsync(request, Now);
    }

    /// <summary>Every batch in the journal, with its payload copied.</summary>
    public Task<List<KeptBatch>> BatchesAsync() => ReadAsync(House.Services.GetRequiredService<IEventJournal>());

    public static async Task<List<KeptBatch>> ReadAsync(IEventJournal journal)
    {
        var all = new List<KeptBatch>();
        await using var reader = journal.OpenReader("test");
        while (reader.TryRead() is { } entry)
            all.Add(new KeptBatch(entry.Batch.Id, entry.Batch.Owner, entry.Batch.Source, entry.Batch.Format, entry.Batch.Count,
                Encoding.UTF8.GetString(entry.Batch.Payload.Span)));
        return all;
    }

    public ValueTask DisposeAsync() => House.DisposeAsync();

    public static byte[] Gzip(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(plain);
        return packed.ToArray();
    }
}

/// <summary>A batch of the journal.</summary>
internal sealed record KeptBatch(Guid Id, string Owner, string Source, string Format, int Count, string Payload)
{
    public string[] Lines => Payload.Split('\n');
}

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(IngestHouse.Now));
        return json.RootElement.Clone();
    }
}
