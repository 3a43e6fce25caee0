using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Organisations;

/// <summary>Names the parts, gives each district to one, then says what follows from it.</summary>
public sealed partial class SplitDialog
{
    private readonly List<Part> _parts = [];
    private readonly Dictionary<string, int> _share = new(StringComparer.Ordinal);
    private bool _confirming;

    [Parameter, EditorRequired] public string Name { get; set; } = "";

    [Parameter, EditorRequired] public IReadOnlyList<DistrictList.District> Districts { get; set; } = [];

    protected override void Begin()
    {
        _parts.Clear();
        _parts.AddRange([new Part(), new Part()]);
        _share.Clear();
        foreach (var district in Districts) _share[district.Code] = 0;
        _confirming = false;
    }

    private void Give(string code, ChangeEventArgs e) =>
        _share[code] = int.Parse(e.Value?.ToString() ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);

    // Its districts go back to the first part; those after it move up by one.
    private void Remove(int index)
    {
        _parts.RemoveAt(index);
        foreach (var (code, part) in _share.ToList()) _share[code] = part == index ? 0 : part > index ? part - 1 : part;
    }

    private void Review()
    {
        Failure = _parts.Exists(p => NewOrganisationFields.TagOf(p.Tag) is null) ? NewOrganisationFields.WrongTag
            : _parts.DistinctBy(p => p.Tag).Count() < _parts.Count ? Failure.Invalid("Each part needs a tag of its own.", "tag")
            : _parts.Exists(p => p.Official.Trim().Length == 0 || p.Short.Trim().Length == 0) ? Failure.Invalid("Name every part.", "successor")
            : Enumerable.Range(0, _parts.Count).Any(i => !_share.ContainsValue(i)) ? Failure.Invalid("Give each part at least one district.", "parts")
            : Basis.Trim().Length < 5 ? Failure.Invalid("Say on which decision or instrument this rests, in 5 to 500 characters.", "basis")
            : null;
        _confirming = Failure is null;
    }

    private Task SplitAsync() => AttemptAsync(
        (operations, principal) => operations.SplitAsync(principal, new SplitOptions
        {
            Predecessor = Force,
            Parts = [.. _parts.Select((p, i) => new SplitPart(
                new NewOrganisation(NewOrganisationFields.TagOf(p.Tag)!.Value, p.Official, p.Short),
                [.. _share.Where(s => s.Value == i).Select(s => s.Key)]))],
            EffectiveOn = On,
            Basis = Basis,
        }, CancellationToken.None),
        done => $"{Name} split into {_parts.Count}, {When(done)}");

    private sealed class Part
    {
        public string Tag { get; set; } = "";

        public string Official { get; set; } = "";

        public string Short { get; set; } = "";
    }
}
