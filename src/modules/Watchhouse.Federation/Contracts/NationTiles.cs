using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Contracts;

/// <summary>The nation as tiles, from the places that the register gives to its territorial forces. Pure.</summary>
public static class NationTiles
{
    /// <summary>London's two forces stand apart from their neighbours, so that both are found.</summary>
    public static IReadOnlyList<NationTile> Of(IReadOnlyList<OrganisationSummary> organisations)
    {
        var placed = organisations.Where(o => o.Kind == "Territorial" && o.Tile is not null).ToList();
        if (placed.Count == 0) return [];
        var (left, top) = (placed.Min(o => o.Tile!.Column), placed.Min(o => o.Tile!.Row));
        return [.. placed.OrderBy(o => o.Tile!.Row).ThenBy(o => o.Tile!.Column).Select(o => new NationTile(
            o.Id, o.Name, o.Tile!.Column - left + 1, o.Tile.Row - top + 1, o.Region == "London"))];
    }
}
