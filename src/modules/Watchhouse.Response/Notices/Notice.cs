using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Notices;

/// <summary>
/// Something that people of a force, or of the Centre, are to hear of. It bears no content of an alert or incident, only that there is
/// one and where to look: mail and text messages are read on lock screens.
/// </summary>
/// <param name="Force">Whose people.</param>
/// <param name="Key">What makes it one: the same key again sends nothing again. Such as <c>approval/RUN/STEP</c>.</param>
/// <param name="Kind">approval, incident, clock or bulletin: what it tells of.</param>
/// <param name="Severity">critical, high, medium or low: quiet hours give way to it.</param>
/// <param name="Words">One sentence without names, addresses or titles.</param>
/// <param name="Link">Where to look: a path of this house, beginning with a slash.</param>
internal sealed record Notice(ForceId Force, string Key, string Kind, string Severity, string Words, string Link)
{
    /// <summary>The people of these roles at the force are told; empty where <see cref="People"/> names them.</summary>
    public IReadOnlyList<Role> Roles { get; init; } = [];

    /// <summary>The NCSC category of what it tells of, confirmed or proposed, from 1 to 6: quiet hours give way to 1 to 3. Null where there is none.</summary>
    public int? Category { get; init; }

    /// <summary>Ids of people who are told, whatever their roles.</summary>
    public IReadOnlyList<Guid> People { get; init; } = [];
}

/// <summary>Takes notices. They are stored with what they tell of, in one transaction, and sent out by a job.</summary>
internal interface INotices
{
    /// <summary>Adds it to the session, unless one of its key is there; the caller commits.</summary>
    Task AddAsync(HouseSession session, Notice notice, CancellationToken cancellationToken);
}
