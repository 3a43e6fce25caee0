using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Watchhouse.Federation.Contracts;
using Watchhouse.Hosting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Bench;

/// <summary>
/// How long a person waits in Chromium from choosing a page until it stands there with its data, over the same 200,000 alerts and 5,000
/// incidents as <see cref="ResponseBench"/>: the page of a demonstration asks, the server reads and draws, the browser shows. The next picture after
/// the data counts, so up to 16 ms of each figure are the screen's.
/// </summary>
internal static class ResponsePagesBench
{
    private const string Manager = "nmc-duty-manager.1@nmc.demonstration.invalid";
    private const string Officer = "information-security-officer.1@knt.demonstration.invalid";
    private const int Runs = 60;

    // From a page that has nothing of what is waited for; the address changes before the page does, so what is waited for stands on no other.
    private static readonly string[] Elsewhere = ["/notifications", "main a[href='/outbox']"];
    private static readonly CancellationToken None = CancellationToken.None;

    // Goes to a page within the open one, as a click does, and says after how many milliseconds it stood there.
    private const string Go = """
        async ([path, ready]) => {
            const begun = performance.now();
            Blazor.navigateTo(path);
            while (location.pathname + location.search !== path || !document.querySelector(ready) || document.querySelector('main [aria-busy=true]')) {
                if (performance.now() - begun > 20000) return -1;
                await new Promise(done => requestAnimationFrame(done));
            }
            return performance.now() - begun;
        }
        """;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("watchhouse-pages-");
        try
        {
            await using var app = await HouseApp.CreateAsync(new ServeOptions { Data = folder.FullName, Urls = "http://127.0.0.1:0", Demonstration = true, IsQuiet = true }, None);
            await app.StartAsync(None);
            var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Environment.GetEnvironmentVariable("WATCHHOUSE_CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
            });
            var address = $"http://localhost:{port}";
            await (await browser.NewPageAsync()).GotoAsync(address);
            var big = await ResponseBench.FillAsync(app.Services, await ForcesAsync(app.Services));
            await MeasureAsync("national", await AsAsync(browser, address, Manager), big, hasWall: true);
            await MeasureAsync("one force", await AsAsync(browser, address, Officer), big, hasWall: false);
            await app.StopAsync(None);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(string who, IPage page, Guid big, bool hasWall)
    {
        const string Row = ".wh-table tbody tr a";
        await page.EvaluateAsync<double>(Go, new[] { "/alerts", Row });
        var alert = await page.Locator($"{Row}[href*='/alerts/']").First.GetAttributeAsync("href");
        await page.EvaluateAsync<double>(Go, new[] { "/incidents", Row });
        var incident = await page.Locator($"{Row}[href*='/incidents/']").First.GetAttributeAsync("href");
        List<(string What, string Path, string Ready)> pages =
        [
            ("queue", "/alerts", Row), ("queue with an alert open", alert!, ".wh-detail h2"), ("incidents", "/incidents", Row), ("an incident of 20 alerts", incident!, ".wh-incident-write"),
            ("an incident of 200 alerts, 900 entries", $"/incidents/{big}", "#timeline-title"), ("overview", "/", ".wh-tiles a"), hasWall ? ("wall", "/wall", ".wh-wall-grid") : ("my force", "/force", ".wh-force-view"),
        ];
        foreach (var (what, path, ready) in pages)
        {
            var times = new double[Runs];
            for (var run = -3; run < Runs; run++)
            {
                await page.EvaluateAsync<double>(Go, Elsewhere);
                var took = await page.EvaluateAsync<double>(Go, new[] { path, ready });
                if (took < 0) throw new TimeoutException($"{path} did not come within twenty seconds.");
                if (run >= 0) times[run] = took;
            }

            Array.Sort(times);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {who} | {what} | {times[Runs / 2]:0} | {times[(int)(Runs * 0.95)]:0} |"));
        }
    }

    private static async Task<IPage> AsAsync(IBrowser browser, string address, string persona)
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        await page.GotoAsync(address);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.EvaluateAsync("""
            key => { const f = [...document.querySelectorAll("form[action='/demonstration/persona']")].find(f => f.querySelector("[name=persona]").value === key); window.before = true; f.submit(); }
            """, persona);
        await page.WaitForFunctionAsync("() => !window.before && document.readyState === 'complete'");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        return page;
    }

    /// <summary>Forces that let the Centre see alerts and incidents, Kent the first; once all of them have arrived.</summary>
    private static async Task<IReadOnlyList<ForceId>> ForcesAsync(IServiceProvider services)
    {
        var delegations = services.GetRequiredService<IDelegationsInForce>();
        List<ForceId> found = [];
        for (var before = -1; before < 30 || found.Count > before;)
        {
            before = found.Count;
            await Task.Delay(TimeSpan.FromSeconds(3));
            found = [];
            foreach (var force in (await services.GetRequiredService<IOrganisations>().ListAsync(None)).Where(each => each.IsForce).Select(each => each.Id))
            {
                if (await delegations.IsInForceAsync(force, ForceId.Centre, DelegationScope.Monitoring, None) && await delegations.IsInForceAsync(force, ForceId.Centre, DelegationScope.Response, None)) found.Add(force);
            }
        }

        return [.. found.OrderBy(each => each.Value != "KNT")];
    }
}
