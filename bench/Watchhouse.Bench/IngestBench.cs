using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Data.Sqlite;

namespace Watchhouse.Bench;

/// <summary>How much is offered.</summary>
/// <param name="Minutes">For how long.</param>
/// <param name="Forces">From how many forces.</param>
/// <param name="Rate">Events a second; 0 is as fast as they are taken.</param>
/// <param name="Expected">A table whose first column names the events that rules match; they are left out.</param>
internal sealed record IngestOptions(double Minutes, int Forces, int Rate, string? Expected)
{
    public static IngestOptions Parse(IReadOnlyList<string> words) => new(
        words.Count > 0 ? double.Parse(words[0], CultureInfo.InvariantCulture) : 5, words.Count > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 43,
        words.Count > 2 ? int.Parse(words[2], CultureInfo.InvariantCulture) : 30_000, words.Count > 3 ? words[3] : null);
}

/// <summary>
/// Events over HTTP into a program of its own, with rules, detection and archive on: how many a second go all the way, in how much
/// memory, and how long after its acknowledgement an event is an alert.
/// </summary>
internal static class IngestBench
{
    private const int EventsABatch = 1000;
    private const int Connections = 4;
    private static readonly TimeSpan MarkerEvery = TimeSpan.FromMilliseconds(500);

    private const string MarkerRule = """
        title: Marker of the benchmark
        id: 3d1c2a14-0f0e-4a0a-9a44-6a4ac1f7b2aa
        level: low
        logsource: {product: windows, service: application}
        detection:
          selection: {Provider_Name: WatchhouseBenchmark}
          condition: selection
        """;

    public static async Task<int> RunAsync(string program, string rules, string events, IngestOptions options)
    {
        var data = Directory.CreateTempSubdirectory("watchhouse-ingest-");
        try
        {
            CopyRules(rules, Path.Combine(data.FullName, "rules"));
            File.WriteAllText(Path.Combine(data.FullName, "rules", "marker.yml"), MarkerRule);
            var keys = await IngestHouse.PrepareAsync(data.FullName, options.Forces);
            var corpus = EventCorpus.Read(events, options.Expected is null ? new HashSet<string>() : Ids(options.Expected));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{corpus.Count:N0} events of {corpus.MeanBytes:N0} bytes on average; {options.Forces} forces; {options.Rate:N0} events/s offered (0: as fast as they are taken); batches of {EventsABatch:N0} over {Connections} connections"));
            return await MeasureAsync(program, data.FullName, keys, corpus, options);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    // Ids of events that rules match: the first column of a table.
    private static HashSet<string> Ids(string expected)
    {
        using var file = new StreamReader(new System.IO.Compression.GZipStream(File.OpenRead(expected), System.IO.Compression.CompressionMode.Decompress));
        var ids = new HashSet<string>();
        while (file.ReadLine() is { } line) ids.Add(line.Split('\t')[0]);
        return ids;
    }

    private static async Task<int> MeasureAsync(string program, string data, IReadOnlyList<string> keys, EventCorpus corpus, IngestOptions options)
    {
        const string url = "http://127.0.0.1:5699";
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "serve", "--data", data, "--urls", url]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections + 2 }) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(2) };
            await ReadyAsync(client);
            var cpuBefore = process.TotalProcessorTime;
            var (sent, refused) = (0L, 0L);
            var stop = new CancellationTokenSource(TimeSpan.FromMinutes(options.Minutes));
            var markers = new ConcurrentDictionary<string, long>();
            var delays = new List<double>();
            var watch = Stopwatch.StartNew();
            var senders = Enumerable.Range(0, Connections).Select(number => Task.Run(async () =>
            {
                for (var batch = (long)number; !stop.IsCancellationRequested; batch += Connections)
                {
                    var due = options.Rate == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(batch * (double)EventsABatch / options.Rate);
                    if (due > watch.Elapsed) await Task.Delay(due - watch.Elapsed, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    using var content = corpus.Batch(batch, EventsABatch);
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest/v1/events/windows") { Content = content };
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys[(int)(batch % keys.Count)]);
                    using var answer = await client.SendAsync(request);
                    if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                    {
                        Interlocked.Increment(ref refused);
                        await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
                        continue;
                    }

                    answer.EnsureSuccessStatusCode();
                    Interlocked.Add(ref sent, EventsABatch);
                }
            })).ToList();
            var marking = Task.Run(() => MarkAsync(client, keys[0], markers, stop.Token));
            var looking = Task.Run(() => LookAsync(Path.Combine(data, "watchhouse.db"), markers, delays, stop.Token));
            long most = 0;
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(15), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var resident = Resident(process.Id);
                most = Math.Max(most, resident);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{watch.Elapsed.TotalSeconds,5:0} s  {sent / watch.Elapsed.TotalSeconds,8:N0} events/s acknowledged  {Archived(data),12:N0} archived  {resident,5} MB  refused {refused}"));
            }

            await Task.WhenAll([.. senders, marking]);
            var acknowledged = watch.Elapsed;
            var (archived, tail) = await ArchivedAsync(data, sent, process);
            var complete = acknowledged + tail;
            await looking;
            delays.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"acknowledged {sent:N0} in {acknowledged.TotalSeconds:0.0} s: {sent / acknowledged.TotalSeconds:N0} events/s; archived {archived:N0} after {complete.TotalSeconds:0.0} s: {archived / complete.TotalSeconds:N0} events/s end to end"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"processor seconds of the program {(process.TotalProcessorTime - cpuBefore).TotalSeconds:0.0}: {(process.TotalProcessorTime - cpuBefore).TotalMicroseconds / Math.Max(1, archived):0.0} µs an event; peak resident {most} MB; refused {refused}"));
            if (delays.Count > 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"acknowledgement to alert, {delays.Count} of {markers.Count} markers: p50 {delays[delays.Count / 2]:0.00} s, p99 {delays[(int)(delays.Count * 0.99)]:0.00} s, most {delays[^1]:0.00} s"));
            return 0;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task MarkAsync(HttpClient client, string key, ConcurrentDictionary<string, long> markers, CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var host = $"bench-{number}";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest/v1/events/marker")
            {
                Content = new StringContent($$"""{"Channel":"Application","Provider_Name":"WatchhouseBenchmark","EventID":1,"Computer":"{{host}}","EventRecordID":{{number}},"TimeCreated":"{{DateTimeOffset.UtcNow:O}}"}"""),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await client.SendAsync(request, CancellationToken.None);
            if (answer.IsSuccessStatusCode) markers[host] = Stopwatch.GetTimestamp();
            await Task.Delay(MarkerEvery, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Asks the database itself, so that what is measured is when an alert can be seen.
    private static async Task LookAsync(string database, ConcurrentDictionary<string, long> markers, List<double> delays, CancellationToken stop)
    {
        var seen = new HashSet<string>();
        var last = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested || (seen.Count < markers.Count && last.Elapsed < TimeSpan.FromSeconds(60)))
        {
            await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
            await connection.OpenAsync(CancellationToken.None);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT Entity FROM Alerts WHERE Rule = '3d1c2a14-0f0e-4a0a-9a44-6a4ac1f7b2aa'";
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            var now = Stopwatch.GetTimestamp();
            while (await reader.ReadAsync(CancellationToken.None))
            {
                var host = reader.GetString(0);
                if (seen.Contains(host) || !markers.TryGetValue(host, out var at)) continue;
                seen.Add(host);
                delays.Add(Math.Max(0, Stopwatch.GetElapsedTime(at, now).TotalSeconds));
                last.Restart();
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    // How many events were archived, and how long after the call the last of them was.
    private static async Task<(long Archived, TimeSpan After)> ArchivedAsync(string data, long sent, Process process)
    {
        var watch = Stopwatch.StartNew();
        var (before, since) = (0L, TimeSpan.Zero);
        while (watch.Elapsed < TimeSpan.FromMinutes(5) && !process.HasExited)
        {
            var archived = Archived(data);
            if (archived >= sent) return (archived, watch.Elapsed);
            // A few events bear an id of their own, and come again with each pass over the recording: those are stored once.
            if (archived != before) (before, since) = (archived, watch.Elapsed);
            else if (watch.Elapsed - since > TimeSpan.FromSeconds(45)) return (archived, since);
            await Task.Delay(200);
        }

        return (Archived(data), since);
    }

    internal static long Archived(string data)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "lake", "manifest.db")};Mode=ReadOnly;Pooling=False");
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT coalesce(sum(rows), 0) FROM files WHERE state = 1";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            // Not made yet.
            return 0;
        }
    }

    internal static async Task ReadyAsync(HttpClient client)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            try
            {
                if ((await client.GetAsync("/health/ready")).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("The program was not ready within half a minute.");
    }

    private static void CopyRules(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.yml", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static long Resident(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1_000_000;
    }
}
