using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Platform.Ui;

/// <summary>What the command palette offers for some words: pages first, then what the modules find.</summary>
internal sealed partial class PaletteSearch(
    NavigationCatalogue navigation, IEnumerable<IPaletteProvider> providers, ILogger<PaletteSearch> logger)
{
    private const int MostPerProvider = 6;

    public async Task<IReadOnlyList<PaletteItem>> FindAsync(
        ActingPrincipal principal, string words, CancellationToken cancellationToken)
    {
        var found = new List<PaletteItem>(navigation.For(principal)
            .Where(e => Fits(e.Title, words))
            .Select(e => new PaletteItem(e.Title, "Page", e.Address)));
        if (words.Length == 0) return found;
        foreach (var provider in providers)
        {
            try
            {
                found.AddRange(await provider.FindAsync(principal, words, MostPerProvider, cancellationToken));
            }
#pragma warning disable CA1031 // One provider that fails must not take the others, or the palette, with it.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogProviderFailed(logger, provider.GetType().Name, exception);
            }
        }

        return found;
    }

    /// <summary>Whether every word begins a word of the title.</summary>
    internal static bool Fits(string title, string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            title.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            || title.Contains(" " + word, StringComparison.OrdinalIgnoreCase));

    [LoggerMessage(1602, LogLevel.Warning, "The palette provider {Provider} failed.")]
    private static partial void LogProviderFailed(ILogger logger, string provider, Exception exception);
}
