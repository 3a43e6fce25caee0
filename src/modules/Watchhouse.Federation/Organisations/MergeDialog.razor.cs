using Microsoft.AspNetCore.Components;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>Two steps: what merges into what, then what follows from it. The rules are the operation's own.</summary>
public sealed partial class MergeDialog
{
    private readonly HashSet<ForceId> _others = [];
    private string _words = "";
    private string _tag = "";
    private string _official = "";
    private string _short = "";
    private bool _absorb;
    private bool _confirming;

    /// <summary>Those that exist today.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<OrganisationSummary> Organisations { get; set; } = [];

    private string Kind => Organisations.FirstOrDefault(o => o.Id == Force)?.Kind ?? "";

    /// <summary>Those of the same kind; the chosen ones first, so that a filter never hides a choice.</summary>
    private IEnumerable<OrganisationSummary> Candidates => Organisations
        .Where(o => o.Id != Force && o.Kind == Kind)
        .Where(o => _others.Contains(o.Id) || _words.Trim().Length == 0 || o.Id.Value.Contains(_words.Trim(), StringComparison.OrdinalIgnoreCase)
            || o.Name.Contains(_words.Trim(), StringComparison.OrdinalIgnoreCase))
        .OrderByDescending(o => _others.Contains(o.Id)).ThenBy(o => o.ShortName, StringComparer.Ordinal);

    private List<ForceId> Ending => [.. _absorb ? _others : _others.Prepend(Force)];

    private string SuccessorName => _absorb ? NameOf(Force) : _official.Trim();

    protected override void Begin()
    {
        _others.Clear();
        (_words, _tag, _official, _short, _absorb, _confirming) = ("", "", "", "", false, false);
    }

    private void Toggle(ForceId id)
    {
        if (!_others.Remove(id)) _others.Add(id);
    }

    private void Review()
    {
        Failure = _others.Count == 0 ? Failure.Invalid("Choose at least one organisation that it merges with.", "predecessors")
            : !_absorb && NewOrganisationFields.TagOf(_tag) is null ? NewOrganisationFields.WrongTag
            : !_absorb && (_official.Trim().Length == 0 || _short.Trim().Length == 0) ? Failure.Invalid("Name the new organisation.", "successor")
            : Basis.Trim().Length < 5 ? Failure.Invalid("Say on which decision or instrument this rests, in 5 to 500 characters.", "basis")
            : null;
        _confirming = Failure is null;
    }

    private Task MergeAsync() => AttemptAsync(
        (operations, principal) => operations.MergeAsync(principal, new MergeOptions
        {
            Predecessors = Ending,
            Into = _absorb ? Force : null,
            Successor = _absorb ? null : new NewOrganisation(NewOrganisationFields.TagOf(_tag)!.Value, _official, _short),
            EffectiveOn = On,
            Basis = Basis,
        }, CancellationToken.None),
        done => $"Merger into {SuccessorName}, {When(done)}");

    private string NameOf(ForceId id) => Organisations.FirstOrDefault(o => o.Id == id)?.Name ?? id.Value;

    private string Names(List<ForceId> ids) => ids.Count switch
    {
        0 => "nothing",
        1 => NameOf(ids[0]),
        _ => $"{string.Join(", ", ids[..^1].Select(NameOf))} and {NameOf(ids[^1])}",
    };
}
