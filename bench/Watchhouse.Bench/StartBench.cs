using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Watchhouse.Bench;

/// <summary>
/// How long a newcomer waits: from starting the program with <c>--demo</c> on an empty directory until the overview
/// answers, signed in; and what it holds once it idles, after the whole demonstration federation arrived.
/// </summary>
internal static class StartBench
{
    public static async Task<int> RunAsync(string program, int runs)
    {
        for (var run = 1; run <= runs; run++)
        {
            var data = Directory.CreateTempSubdirectory("watchhouse-start-");
            var url = "http://127.0.0.1:" + (5600 + run).ToString(CultureInfo.InvariantCulture);
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "serve", "--demo", "--data", data.FullName, "--urls", url])
            {
                RedirectStandardOutput = true,
            })!;
            try
            {
                process.BeginOutputReadLine();
                using var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(url) };
                var first = await FirstPageAsync(client, watch);
                await Task.Delay(TimeSpan.FromSeconds(60));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"run {run}: first page after {first.TotalSeconds:0.0} s; idle memory {Resident(process.Id)} MB"));
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync();
                data.Delete(recursive: true);
            }
        }

        return 0;
    }

    private static async Task<TimeSpan> FirstPageAsync(HttpClient client, Stopwatch watch)
    {
        while (watch.Elapsed < TimeSpan.FromMinutes(2))
        {
            try
            {
                var page = await client.GetStringAsync("/");
                if (page.Contains("<h1", StringComparison.Ordinal)) return watch.Elapsed;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }

        throw new TimeoutException("The first page did not come within two minutes.");
    }

    /// <summary>Resident set of a process in MB (10^6 bytes), from /proc; Linux only.</summary>
    private static long Resident(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1_000_000;
    }
}
