using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Bulletins;

/// <summary>How many forces have answered, of how many. All that one force learns of the others.</summary>
internal sealed record AnsweredCount(int Answered, int Of);

/// <summary>How far the forces are, for the Centre.</summary>
internal sealed record BulletinCounts(int Of, int Unseen, int Seen, int Acknowledged, int Acted, int NotAffected, int Answered, int Late);

/// <summary>A bulletin in a list.</summary>
/// <param name="Answered">Null where it would tell a force about another: fewer than five others have it.</param>
/// <param name="Counts">For the Centre.</param>
/// <param name="Own">What one's own force has said; null for the Centre.</param>
internal sealed record BulletinRow(Guid Id, string Number, string Title, string Severity, string State, DateTimeOffset AnswerBy, DateTimeOffset? PublishedAt, int Revision,
    AnsweredCount? Answered, BulletinCounts? Counts, AnswerModel? Own);

/// <summary>What a force has said.</summary>
/// <param name="IsAnswered">Whether it is what the bulletin asks for.</param>
internal sealed record AnswerModel(string Reply, bool IsAnswered, bool IsLate, DateTimeOffset? SeenAt, string SeenBy, DateTimeOffset? AcknowledgedAt, string AcknowledgedBy, DateTimeOffset? AnsweredAt,
    string AnsweredBy, string Words);

internal sealed record BulletinStepModel(string Reply, string Words, string By, DateTimeOffset At, int Revision, bool IsLate);

/// <summary>What one force has said, for the Centre.</summary>
internal sealed record ReceiptModel(ForceId Force, string Reply, bool IsAnswered, bool IsLate, DateTimeOffset? SeenAt, DateTimeOffset? AcknowledgedAt, DateTimeOffset? AnsweredAt, string By, string Words, int Chases,
    DateTimeOffset? ChasedAt);

internal sealed record BulletinEntryModel(string Kind, string Words, string By, DateTimeOffset At);

/// <summary>A bulletin whole.</summary>
/// <param name="Round">What an answer names, so that none is given to what was corrected meanwhile.</param>
/// <param name="ToAll">Whether it is for all forces.</param>
/// <param name="Addressed">For the Centre: whom it is for; empty for all.</param>
/// <param name="Steps">For a force: what it said, the newest first.</param>
/// <param name="Receipts">For the Centre: what every force said.</param>
internal sealed record BulletinModel(BulletinRow Bulletin, uint Version, string Text, IReadOnlyList<string> Actions, string Handling, string Instructions, int Round, bool ToAll, string Correction,
    DateTimeOffset? WithdrawnAt, string WithdrawnBecause, IReadOnlyList<ForceId> Addressed, IReadOnlyList<BulletinStepModel> Steps, IReadOnlyList<ReceiptModel> Receipts,
    IReadOnlyList<BulletinEntryModel> Entries, DateTimeOffset? NextChaseAt);
