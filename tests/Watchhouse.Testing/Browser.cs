using Microsoft.Playwright;

namespace Watchhouse.Testing;

/// <summary>
/// One headless Chromium for a test collection (use it as a class or collection fixture). It starts with the first
/// page, so that a test without Chromium is skipped rather than its fixture broken. A project that uses it references
/// the package Microsoft.Playwright itself, which brings the driver.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        // The sandbox needs user namespaces, which containers commonly refuse. Tests open only loopback pages.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        // Nothing but the page under test may use the network.
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>
    /// A page in a context of its own: no cookies, no storage, British English, London time, 1440 by 900.
    /// <paramref name="configure"/> changes any of that. Close it with <c>page.Context.CloseAsync()</c>, or leave it
    /// to the end of the collection.
    /// </summary>
    public async Task<IPage> NewPageAsync(Uri baseAddress, Action<BrowserNewContextOptions>? configure = null)
    {
        var context = await NewContextAsync(baseAddress, configure);
        return await context.NewPageAsync();
    }

    /// <summary>A context of its own, for several pages of one signed-in person.</summary>
    public async Task<IBrowserContext> NewContextAsync(
        Uri baseAddress, Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = baseAddress.ToString(),
            Locale = "en-GB",
            TimezoneId = "Europe/London",
            ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        };
        configure?.Invoke(options);

        var browser = await StartedAsync();
        return await browser.NewContextAsync(options);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        _gate.Dispose();
    }

    private async Task<IBrowser> StartedAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_browser is not null)
                return _browser;

            var chromium = Servers.Chromium;
            // A loaded machine is no fault of the page.
            Assertions.SetDefaultExpectTimeout(15_000);
            _playwright ??= await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = chromium,
                Headless = true,
                Args = Arguments,
            });
            return _browser;
        }
        finally
        {
            _gate.Release();
        }
    }
}
