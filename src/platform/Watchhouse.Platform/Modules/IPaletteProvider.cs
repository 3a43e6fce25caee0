using Watchhouse.Platform.Acting;

namespace Watchhouse.Platform.Modules;

/// <summary>Something the command palette can go to or do.</summary>
/// <param name="Title">What it is, in words: 'Kent Police', 'Revoke a delegation'.</param>
/// <param name="Kind">The group it is listed under: 'Force', 'Page', 'Person'.</param>
/// <param name="Address">Where choosing it goes.</param>
/// <param name="Hint">A short tag or key shown at the right, if any.</param>
public sealed record PaletteItem(string Title, string Kind, string Address, string? Hint = null);

/// <summary>Offers entries to the command palette.</summary>
public interface IPaletteProvider
{
    /// <summary>At most <paramref name="most"/> entries that fit the words, within the principal's rights.</summary>
    ValueTask<IReadOnlyList<PaletteItem>> FindAsync(
        ActingPrincipal principal, string words, int most, CancellationToken cancellationToken);
}
