using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Modules;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Organisations;

/// <summary>The register as the shell's switcher shows it.</summary>
internal sealed class ForceDirectory(IOrganisations organisations) : IForceDirectory
{
    public async ValueTask<IReadOnlyList<ForceListing>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await organisations.ListAsync(cancellationToken)).Select(o => new ForceListing(o.Id, o.Name, KindWords(o.Kind), o.Region))];

    internal static string KindWords(string kind) => kind switch
    {
        nameof(OrganisationKind.Centre) => "National centre",
        nameof(OrganisationKind.Territorial) => "Territorial force",
        nameof(OrganisationKind.OtherForce) => "Other force",
        _ => "Partner",
    };
}

/// <summary>'Kent' or 'KNT' in the command palette leads to the force.</summary>
internal sealed class ForcePalette(IOrganisations organisations) : IPaletteProvider
{
    public async ValueTask<IReadOnlyList<PaletteItem>> FindAsync(
        ActingPrincipal principal, string words, int most, CancellationToken cancellationToken)
    {
        var text = words.Trim();
        var all = await organisations.ListAsync(cancellationToken);
        return [.. all
            .Where(o => text.Length == 0 || o.Id.Value.StartsWith(text, StringComparison.OrdinalIgnoreCase)
                || o.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || o.ShortName.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(o => o.Id.Value.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(o => o.ShortName.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .Take(most)
            .Select(o => new PaletteItem(o.Name, o.IsForce ? "Force" : "Organisation", $"/forces/{o.Id}", o.Id.Value))];
    }
}
