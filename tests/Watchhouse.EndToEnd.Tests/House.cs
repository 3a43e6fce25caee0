using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>One demonstration and one browser for all tests that only look, or that change what no other test reads.</summary>
public sealed class House : IAsyncLifetime
{
    private TempDirectory? _directory;
    private WatchhouseProcess? _process;
    private FakeMicrosoft? _microsoft;
    private readonly Dictionary<string, string> _signedIn = [];

    /// <summary>What the collectors of this house take for Microsoft.</summary>
    internal FakeMicrosoft Microsoft => _microsoft!;

    public Browser Browser { get; } = new();

    /// <summary>Passkeys are bound to a name, which an address in numbers is not.</summary>
    public Uri Address => new($"http://localhost:{_process!.BaseAddress.Port}");

    public async ValueTask InitializeAsync()
    {
        _ = Servers.Chromium;
        _directory = new TempDirectory();
        // What a test does not make itself must not come of itself.
        _microsoft = await FakeMicrosoft.StartAsync();
        _process = await WatchhouseProcess.StartAsync(new WatchhouseOptions
        {
            DataDirectory = _directory.FullName,
            Arguments = ["--quiet-demo"],
            Environment = new[] { "SignIn", "Office365", "Graph", "Azure" }.ToDictionary(name => $"Collect__{name}", _ => _microsoft.Address),
        }, TestContext.Current.CancellationToken);
        // The forces arrive while the first page is open; all are there when their delegations stop growing.
        using var client = new HttpClient(new HttpClientHandler { CookieContainer = new() }) { BaseAddress = _process.BaseAddress };
        await client.GetStringAsync("/");
        for (int attempt = 0, before = 0; attempt < 90; attempt++)
        {
            var held = (await client.GetStringAsync("/api/v1/delegations/held")).Split("\"id\"").Length;
            if (held > 100 && held == before) return;
            before = held;
            await Task.Delay(1000);
        }

        Assert.Fail("The demonstration federation did not arrive within a minute and a half.");
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        if (_microsoft is not null) await _microsoft.DisposeAsync();
        _directory?.Dispose();
    }

    /// <summary>A page of somebody of the demonstration, on the overview.</summary>
    public async Task<IPage> AsAsync(string persona, Action<BrowserNewContextOptions>? configure = null)
    {
        var page = await Browser.NewPageAsync(Address, configure);
        await OpenAsync(page, "/");
        await page.EvaluateAsync("""
            key => { const f = [...document.querySelectorAll("form[action='/demonstration/persona']")]
                .find(f => f.querySelector("[name=persona]").value === key); window.before = true; f.submit(); }
            """, persona);
        // The address stays the same, so the mark on the old document tells when the new one is there.
        await page.WaitForFunctionAsync("() => !window.before && document.readyState === 'complete'");
        await SettledAsync(page);
        return page;
    }

    /// <summary>
    /// An empty page of somebody of the demonstration, who signs in once for all such pages: it is the page that is looked at, and
    /// half of the time went into signing in.
    /// </summary>
    public async Task<IPage> SignedInAsync(string persona, Action<BrowserNewContextOptions> configure)
    {
        if (!_signedIn.TryGetValue(persona, out var state))
        {
            var first = await AsAsync(persona);
            _signedIn[persona] = state = await first.Context.StorageStateAsync();
            await first.Context.CloseAsync();
        }

        return await Browser.NewPageAsync(Address, options =>
        {
            configure(options);
            options.StorageState = state;
        });
    }

    /// <summary>Opens an address and waits until the page is alive and has its data.</summary>
    public static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await SettledAsync(page);
    }

    public static async Task SettledAsync(IPage page)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        // Skeleton rows leave when the data is there.
        await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        await Assertions.Expect(page.Locator("h1").First).ToBeVisibleAsync();
    }

    public static Regex Words(string text) => new(Regex.Escape(text), RegexOptions.IgnoreCase);
}

[CollectionDefinition(Name)]
public sealed class HouseCollection : ICollectionFixture<House>
{
    public const string Name = "house";
}

/// <summary>The people of the demonstration whom tests use.</summary>
internal static class Personas
{
    public const string DutyManager = "nmc-duty-manager.1@nmc.demonstration.invalid";
    public const string CentreAdministrator = "centre-administrator.1@nmc.demonstration.invalid";
    public const string CentreAuditor = "auditor.1@nmc.demonstration.invalid";
    public const string KentOfficer = "information-security-officer.1@knt.demonstration.invalid";
    public const string KentAdministrator = "force-administrator.1@knt.demonstration.invalid";
    public const string KentAuditor = "auditor.1@knt.demonstration.invalid";
    public const string DevonOwner = "senior-information-risk-owner.1@dvc.demonstration.invalid";
}
