using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Shifts;

internal sealed record ShiftPerson(Guid Id, string Name);

internal sealed record ShiftModel(Guid Id, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Name, string Team, ShiftPerson? Lead, IReadOnlyList<ShiftPerson> People, uint Version);

/// <summary>Who has the watch.</summary>
/// <param name="Until">When the shift of now ends; null where none is planned.</param>
internal sealed record WatchModel(string Person, DateTimeOffset Since, DateTimeOffset? Until);

internal sealed record WatchTurnModel(string Person, DateTimeOffset TakenAt, string? From, Guid? Note, string Reason);

internal sealed record OnCallModel(Guid Id, string Name, string Reach, int Order, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <param name="State">draft, given or taken.</param>
internal sealed record HandOverRow(Guid Id, string WrittenBy, DateTimeOffset WrittenAt, string State, DateTimeOffset? GivenAt, string? SeenBy, DateTimeOffset? SeenAt);

/// <param name="IsMine">Whoever reads wrote it.</param>
internal sealed record HandOverModel(HandOverRow Note, ForceId Force, string Generated, string Words, bool IsMine, uint Version);

/// <summary>The shifts of an organisation for some days.</summary>
/// <param name="Watch">Null where nobody has the watch.</param>
/// <param name="OnCall">Who can be called now.</param>
/// <param name="Planned">Who will be on call later, the soonest first.</param>
internal sealed record ShiftsModel(ForceId Force, WatchModel? Watch, IReadOnlyList<ShiftModel> Shifts, IReadOnlyList<RotaWarning> Warnings, IReadOnlyList<OnCallModel> OnCall, IReadOnlyList<OnCallModel> Planned,
    IReadOnlyList<HandOverRow> Notes, IReadOnlyList<WatchTurnModel> Turns)
{
    /// <summary>The reader has the watch.</summary>
    public bool IsMine { get; init; }
}
