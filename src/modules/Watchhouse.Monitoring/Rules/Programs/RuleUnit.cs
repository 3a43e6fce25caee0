using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Programs;

/// <summary>A rule as the builder of programs takes it.</summary>
/// <param name="Id">The rule's id.</param>
/// <param name="Owner">The Centre, whose rules run over every force's events, or the force over whose events alone it runs.</param>
/// <param name="IsTesting">Whether its matches are counted and raise no alert.</param>
/// <param name="Names">Ids and names of its documents.</param>
/// <param name="Placeholders">Value lists that it needs.</param>
/// <param name="Text">Its text.</param>
internal sealed record RuleUnit(
    Guid Id, ForceId Owner, bool IsTesting, IReadOnlyList<string> Names, IReadOnlyList<string> Placeholders, string Text);

/// <summary>Values for a placeholder: the Centre's hold for all forces, a force's own go before them.</summary>
internal sealed record UnitList(ForceId Owner, string Name, IReadOnlyList<string> Values);

/// <summary>What becomes of a rule in the program that runs.</summary>
/// <param name="State">live, testing, or the word of what keeps it from matching: rejected, placeholder-missing, source-never-arrives, field-never-arrives.</param>
/// <param name="Reason">A sentence; null where all is well.</param>
/// <param name="Line">Line in its text that the reason is about.</param>
/// <param name="LiveFor">For a rule that needs value lists: the forces for which it is in use; null where it is for all that it is meant for.</param>
internal sealed record RuleHealth(string State, string? Reason, int Line, IReadOnlyList<ForceId>? LiveFor);
