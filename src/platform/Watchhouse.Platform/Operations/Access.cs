using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Operations;

/// <summary>What somebody asks the gate for: one permission, for one force or for all they may see.</summary>
public sealed record Access(Permission Permission)
{
    /// <summary>Narrows the session to one force; the gate answers 'not found' when it may not be seen.</summary>
    public ForceId? Force { get; init; }

    /// <summary>Kind and id of the thing that is looked at, for the audit trail.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Why, in the person's words; some controllers demand it.</summary>
    public string? Reason { get; init; }

    /// <summary>To whom it is disclosed.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>
    /// Who is written down as the actor when a job of the program works for a person, such as a sign-in or the
    /// appointment of a first administrator. Null: the principal.
    /// </summary>
    public ActingPrincipal? RecordedAs { get; init; }

    /// <summary>
    /// False for a job's own reading and for figures that name nobody; true writes a consultation before the
    /// records are given out.
    /// </summary>
    public bool Logged { get; init; } = true;
}
