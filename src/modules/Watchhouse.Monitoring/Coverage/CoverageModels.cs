using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>How far a technique is covered, from worst to best.</summary>
internal enum CoverageState
{
    /// <summary>No rule that runs names it.</summary>
    Nothing,

    /// <summary>Rules in testing would see it in what arrives; no live rule does.</summary>
    DataOnly,

    /// <summary>Live rules name it, and nothing arrives that they could see it in.</summary>
    RulesOnly,

    /// <summary>Live rules look for it in what arrives from some of the forces.</summary>
    Partly,

    /// <summary>Live rules look for it in what arrives from each force that is looked at.</summary>
    Covered,
}

/// <summary>A technique in the matrix.</summary>
/// <param name="Tactics">Tags of its tactics.</param>
/// <param name="State">How far it is covered; a technique counts what its sub-techniques have.</param>
/// <param name="Forces">Forces for which it is covered.</param>
/// <param name="LiveRules">Live rules that name it or one of its sub-techniques.</param>
/// <param name="FedRules">Of those, rules that look at events that arrive from at least one of the forces.</param>
/// <param name="TestingRules">Rules in testing that name it.</param>
/// <param name="SubTechniques">How many sub-techniques it has.</param>
/// <param name="CoveredSubTechniques">Of those, covered for at least one force.</param>
internal sealed record TechniqueCoverage(
    string Id, string Name, IReadOnlyList<string> Tactics, CoverageState State, int Forces, int LiveRules, int FedRules, int TestingRules,
    int SubTechniques, int CoveredSubTechniques)
{
    public bool IsSub => Id.Contains('.', StringComparison.Ordinal);
}

/// <summary>A kind of source that would put rules to use.</summary>
/// <param name="Name">In words.</param>
/// <param name="LogSource">As rules write it.</param>
/// <param name="Entries">Entries of the log-source table, any of which brings it.</param>
/// <param name="Rules">Live rules that would begin to see something.</param>
/// <param name="Techniques">Techniques and sub-techniques that would become covered for a force for which they are not.</param>
/// <param name="Forces">Forces from which it does not arrive.</param>
internal sealed record UnlockingSource(
    string Name, string LogSource, IReadOnlyList<string> Entries, int Rules, int Techniques, int Forces);

/// <summary>The matrix.</summary>
/// <param name="Attack">Version of ATT&amp;CK.</param>
/// <param name="Days">What arrived within so many days counts.</param>
/// <param name="Force">The one force that it is for; null for all in sight.</param>
/// <param name="Forces">Forces that were looked at.</param>
/// <param name="DeliveringForces">Of those, forces from which anything arrived.</param>
/// <param name="LiveRules">Live rules that name a technique.</param>
/// <param name="FedRules">Of those, rules that look at events that arrive from at least one of the forces.</param>
/// <param name="UntaggedRules">Live rules that name no technique and are not counted here.</param>
/// <param name="UnknownTechniques">Techniques in tags that this version of ATT&amp;CK does not have.</param>
/// <param name="Withheld">Forces that are left out because they ask why.</param>
internal sealed record CoverageAnswer(
    string Attack, int Days, string? Part, ForceId? Force, int Forces, int DeliveringForces, int LiveRules, int FedRules, int UntaggedRules,
    IReadOnlyList<string> UnknownTechniques, IReadOnlyList<AttackTactic> Tactics, IReadOnlyList<TechniqueCoverage> Techniques,
    IReadOnlyList<UnlockingSource> Unlocking, IReadOnlyList<ForceId> Withheld);

/// <summary>A rule of a technique.</summary>
/// <param name="Owner">The Centre, whose rules are for all forces, or the force whose own it is.</param>
/// <param name="State">live or testing.</param>
/// <param name="Forces">Forces over whose arriving events it looks.</param>
/// <param name="LogSources">What it looks at, in words.</param>
internal sealed record TechniqueRule(
    Guid Id, string Key, string Title, string Level, ForceId Owner, string State, int Forces, IReadOnlyList<string> LogSources);

/// <summary>A source whose events rules of the technique look at.</summary>
/// <param name="Entry">What it brings: an entry of the log-source table.</param>
/// <param name="Arrives">Whether it did within the days.</param>
internal sealed record TechniqueSource(ForceId Force, string Source, string Entry, DateTimeOffset LastAt, long Events, bool Arrives);

/// <summary>A technique whole.</summary>
/// <param name="Covered">Forces for which it is covered.</param>
/// <param name="NotCovered">Forces for which it is not.</param>
/// <param name="Rules">Live rules first, those that see something first; at most 200.</param>
internal sealed record TechniqueDetail(
    TechniqueCoverage Technique, IReadOnlyList<TechniqueCoverage> SubTechniques, IReadOnlyList<ForceId> Covered, IReadOnlyList<ForceId> NotCovered,
    IReadOnlyList<TechniqueRule> Rules, int AllRules, IReadOnlyList<TechniqueSource> Sources, IReadOnlyList<UnlockingSource> Unlocking);
