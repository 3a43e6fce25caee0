namespace Watchhouse.Federation.SignIn.Setup;

/// <summary>How far the first set-up of this centre came. One row.</summary>
internal sealed class SetupState
{
    public const int TheOne = 1;

    public int Id { get; init; } = TheOne;

    /// <summary>The first administrator, taken in but without credentials yet.</summary>
    public Guid? PersonId { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }
}
