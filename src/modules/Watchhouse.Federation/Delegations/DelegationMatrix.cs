using System.Collections.Immutable;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Delegations;

/// <summary>Forces by purpose, as the receiver sees them: where it sees something, and where nothing. Pure.</summary>
internal sealed class DelegationMatrix
{
    private readonly ILookup<(ForceId Force, string Scope), DelegationModel> _held;
    private readonly DateTimeOffset _now;

    public DelegationMatrix(IEnumerable<OrganisationSummary> forces, IEnumerable<DelegationModel> held, bool centre, DateTimeOffset now)
    {
        _now = now;
        _held = held.ToLookup(d => (d.Force, d.Scope));
        Forces = [.. forces];
        Scopes = [.. DelegationScopes.All.Where(s => !centre || s.MayGoToCentre())];
    }

    public ImmutableArray<OrganisationSummary> Forces { get; }

    public ImmutableArray<DelegationScope> Scopes { get; }

    /// <summary>Forces that let us see something now.</summary>
    public int Seen => Forces.Count(f => !IsBlind(f.Id));

    public static IReadOnlyList<MatrixKey> Legend { get; } =
    [
        new(MatrixMark.Full, "In force", Tone.Good),
        new(MatrixMark.Half, "Lapses within 30 days", Tone.Warning),
        new(MatrixMark.Ring, "Planned", Tone.Accent),
        new(MatrixMark.Cross, "Revoked", Tone.Neutral),
        new(MatrixMark.Nothing, "None: nothing of it is seen", Tone.Neutral),
    ];

    public IReadOnlyList<MatrixColumn> Columns =>
        [.. Scopes.Select(s => new MatrixColumn(DelegationWords.Title(s), DelegationWords.Meaning(s)))];

    /// <summary>Nothing is in force: what happens at this force is not seen.</summary>
    public bool IsBlind(ForceId force) => Scopes.All(s => Best(force, s)?.State != nameof(DelegationState.InForce));

    /// <summary>Something ends within 30 days and nothing follows it.</summary>
    public bool IsLapsing(ForceId force) => Scopes.Any(s => Best(force, s) is { } best && DelegationWords.IsSoon(best, _now) && !Follows(best));

    public MatrixRow Row(OrganisationSummary force, Func<ForceId, string?> open, Func<DelegationModel, string> href, Guid? current) =>
        new(force.Id, force.Name, open(force.Id), [.. Scopes.Select(s => Cell(force, s, href, current))]);

    private MatrixCell Cell(OrganisationSummary force, DelegationScope scope, Func<DelegationModel, string> href, Guid? current)
    {
        if (Best(force.Id, scope) is not { } best)
            return new MatrixCell(MatrixMark.Nothing, "None", Tone.Neutral, $"{force.ShortName} has never delegated {scope.Word()} to you.");
        var about = $"{force.ShortName}, {scope.Word()}: ";
        var (mark, word, tone, explanation) = best.State switch
        {
            nameof(DelegationState.InForce) when DelegationWords.IsSoon(best, _now) && !Follows(best) =>
                (MatrixMark.Half, Left(best.Until - _now), Tone.Warning, $"{about}ends on {DelegationWords.LastDay(best.Until)}. Ask the force to renew it."),
            nameof(DelegationState.InForce) => (MatrixMark.Full, "In force", Tone.Good, $"{about}in force until {DelegationWords.LastDay(best.Until)}"),
            nameof(DelegationState.Planned) => (MatrixMark.Ring, "Planned", Tone.Accent, $"{about}planned from {HouseTime.Date(best.From)}"),
            nameof(DelegationState.Revoked) => (MatrixMark.Cross, "Revoked", Tone.Neutral, $"{about}revoked on {HouseTime.Date(best.RevokedAt ?? best.Until)}"),
            _ => (MatrixMark.Nothing, "Lapsed", Tone.Neutral, $"{about}lapsed on {HouseTime.Date(best.Until)}"),
        };
        return new MatrixCell(mark, word, tone, explanation, href(best), best.Id == current);
    }

    private static string Left(TimeSpan left) => left.TotalDays < 1 ? "Today" : left.TotalDays < 2 ? "1 day" : $"{(int)left.TotalDays} days";

    // What holds says more than what will hold, and both more than what ended.
    private DelegationModel? Best(ForceId force, DelegationScope scope) => _held[(force, scope.Word())]
        .OrderBy(d => d.State switch
        {
            nameof(DelegationState.InForce) => 0,
            nameof(DelegationState.Planned) => 1,
            _ => 2,
        })
        .ThenByDescending(d => d.RevokedAt ?? d.Until)
        .FirstOrDefault();

    private bool Follows(DelegationModel ending) => _held[(ending.Force, ending.Scope)]
        .Any(d => d.State == nameof(DelegationState.Planned) && d.From <= ending.Until);
}
