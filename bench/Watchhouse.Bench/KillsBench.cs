using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;
using Watchhouse.Lake;

namespace Watchhouse.Bench;

/// <summary>
/// Events from several clients into a program that is killed (SIGKILL) again and again. A client sends a batch until it is
/// acknowledged, so batches that were durable without an answer come twice. At the end every event must be stored once, and every alert
/// be there once.
/// </summary>
internal static class KillsBench
{
    private const string Url = "http://127.0.0.1:5698";
    private const string Rule = "7f0f6c1e-3c6a-4a41-9a63-1d2b1a5b7c11";
    private const int EventsABatch = 1000;
    private const int AlertEvery = 500;
    private const int Clients = 4;

    public static async Task<int> RunAsync(string program, IReadOnlyList<string> words)
    {
        var events = words.Count > 0 ? int.Parse(words[0], CultureInfo.InvariantCulture) : 1_000_000;
        var kills = words.Count > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 10;
        var data = Directory.CreateTempSubdirectory("watchhouse-kills-");
        try
        {
            Directory.CreateDirectory(Path.Combine(data.FullName, "rules"));
            File.WriteAllText(Path.Combine(data.FullName, "rules", "kills.yml"), $$"""
                title: Event that the benchmark counts
                id: {{Rule}}
                level: low
                logsource: {product: windows, service: application}
                detection:
                  selection: {Provider_Name: WatchhouseKills}
                  condition: selection
                """);
            var keys = await IngestHouse.PrepareAsync(data.FullName, 4);
            return await MeasureAsync(program, data.FullName, keys, events / EventsABatch, kills);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(string program, string data, IReadOnlyList<string> keys, int batches, int kills)
    {
        var seed = Random.Shared.Next();
        var dice = new Random(seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{batches * EventsABatch:N0} events, {Clients} clients, {kills} kills, seed {seed}"));
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients }) { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromSeconds(30) };
        var waiting = new ConcurrentQueue<int>(Enumerable.Range(0, batches));
        var (acknowledged, again) = (0, 0);
        var watch = Stopwatch.StartNew();
        var process = await StartAsync(program, data, client);
        try
        {
            var senders = Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
            {
                while (waiting.TryDequeue(out var number))
                {
                    var body = Body(number);
                    while (!await SendAsync(client, keys[number % keys.Count], body)) Interlocked.Increment(ref again);
                    Interlocked.Increment(ref acknowledged);
                }
            })).ToList();
            for (var kill = 1; kill <= kills; kill++)
            {
                // At any moment of its stretch of the load: while events are received, detected or archived, or just after the start.
                var at = (int)((kill - 1 + dice.NextDouble()) * batches / kills);
                while (Volatile.Read(ref acknowledged) < at) await Task.Delay(5);
                await Task.Delay(dice.Next(400));
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"killed at {watch.Elapsed.TotalSeconds,6:0.0} s, {acknowledged * EventsABatch,9:N0} acknowledged"));
                process = await StartAsync(program, data, client);
            }

            await Task.WhenAll(senders);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all acknowledged after {watch.Elapsed.TotalSeconds:0.0} s; {again:N0} posts were repeated"));
            var (alerts, twice) = await SettledAsync(data, batches * EventsABatch);
            var (rows, distinct) = await RowsAsync(data);
            var expected = batches * EventsABatch / AlertEvery;
            var fine = rows == batches * EventsABatch && distinct == rows && alerts == expected && twice == 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"stored {rows:N0} rows of {distinct:N0} different events, sent {batches * EventsABatch:N0}; alerts {alerts:N0} of {expected:N0}, with an event counted twice {twice:N0}: {(fine ? "exactly once" : "NOT exactly once")}"));
            return fine ? 0 : 1;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static byte[] Body(int number)
    {
        var text = new StringBuilder(EventsABatch * 1100);
        var filler = new string('.', 800);
        var time = DateTimeOffset.UtcNow.UtcDateTime.ToString("O");
        for (var i = 0; i < EventsABatch; i++)
        {
            var id = (number * EventsABatch) + i;
            var provider = id % AlertEvery == 0 ? "WatchhouseKills" : "WatchhouseOther";
            text.Append(CultureInfo.InvariantCulture, $"{{\"RecordNumber\":{id},\"TimeCreated\":\"{time}\",\"Channel\":\"Application\",\"Provider_Name\":\"{provider}\",\"EventID\":7,\"Computer\":\"host-{id}\",\"Message\":\"{filler}\"}}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task<bool> SendAsync(HttpClient client, string key, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest/v1/events/windows") { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var answer = await client.SendAsync(request);
            if (answer.IsSuccessStatusCode) return true;
            if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)) answer.EnsureSuccessStatusCode();
            await Task.Delay(500);
        }
        catch (Exception e) when (e is HttpRequestException { StatusCode: null } or IOException or TaskCanceledException)
        {
            // It was killed, and may have written the batch down.
            await Task.Delay(100);
        }

        return false;
    }

    private static async Task<Process> StartAsync(string program, string data, HttpClient client)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "serve", "--data", data, "--urls", Url]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await IngestBench.ReadyAsync(client);
        return process;
    }

    private static async Task<(long Alerts, long Double)> SettledAsync(string data, long sent)
    {
        var watch = Stopwatch.StartNew();
        (long, long) alerts = (0, 0);
        while (watch.Elapsed < TimeSpan.FromMinutes(5))
        {
            alerts = Alerts(data);
            if (IngestBench.Archived(data) >= sent && alerts.Item1 >= sent / AlertEvery) break;
            await Task.Delay(1000);
        }

        return alerts;
    }

    private static (long Alerts, long Double) Alerts(string data)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "watchhouse.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*), coalesce(sum(Events <> 1), 0) FROM Alerts WHERE Rule = '{Rule}'";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<(long Rows, long Distinct)> RowsAsync(string data)
    {
        var directory = Path.Combine(data, "lake");
        await using var manifest = await SqliteLakeManifest.OpenAsync(Path.Combine(directory, "manifest.db"), CancellationToken.None);
        using var reader = new LakeReader(new LakeOptions { Directory = directory, Time = TimeProvider.System, QueryMemoryMiB = 512 }, manifest, LakeEvents.Schema);
        var (rows, distinct) = (0L, 0L);
        foreach (var group in (await manifest.ListAsync(new LakeFileQuery(), CancellationToken.None)).GroupBy(file => (file.Owner, file.Table)))
        {
            using var session = await reader.OpenAsync([group.Key.Owner], CancellationToken.None);
            var from = await session.FromAsync(group.Key.Table, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, CancellationToken.None);
            var (some, different) = await session.QueryAsync($"SELECT count(*), count(DISTINCT _EventId) FROM {from}", [], found =>
            {
                found.Read();
                return (found.GetInt64(0), found.GetInt64(1));
            }, CancellationToken.None);
            (rows, distinct) = (rows + some, distinct + different);
        }

        return (rows, distinct);
    }
}
