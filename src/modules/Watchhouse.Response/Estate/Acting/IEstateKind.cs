using System.Text.Json;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>How one kind of action is planned, done, proven and undone.</summary>
internal interface IEstateKind
{
    EstateActionKind Kind { get; }

    /// <exception cref="EstateReadException">The target could not be looked at.</exception>
    Task<EstatePlan> PlanAsync(EstateVisit visit, EstateAction action, CancellationToken stop);

    /// <exception cref="EstateReadException">The target could not be looked at; nothing was sent.</exception>
    Task<EstateAnswer> ExecuteAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop);

    /// <exception cref="EstateReadException">The target could not be looked at.</exception>
    Task<EstateAnswer> ProveAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop);

    /// <exception cref="EstateReadException">The target could not be looked at; nothing was sent.</exception>
    Task<EstateAnswer> UndoAsync(EstateVisit visit, EstateAction action, EstateUndo undo, CancellationToken stop);
}

/// <summary>An operation and when it was decided, which its id tells.</summary>
internal sealed record EstateOperation(Guid Id)
{
    private const int VersionOfTime = 7;

    /// <summary>The words by which an action or indicator of Defender is known again.</summary>
    public string Mark => $"Watchhouse operation {Id}";

    /// <summary>RFC 9562, section 5.7: the first 48 bits are milliseconds since 1970.</summary>
    public DateTimeOffset DecidedAt
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Id.TryWriteBytes(bytes, bigEndian: true, out _);
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16));
        }
    }

    public static EstateOperation Of(Guid id) => id.Version == VersionOfTime
        ? new EstateOperation(id)
        : throw new ArgumentException("The id of an operation is of version 7: its time is what a proof is measured by.", nameof(id));
}

/// <summary>The state before, as it is kept with an action until it is put back.</summary>
/// <param name="Kind">The kind of the action.</param>
/// <param name="Operation">The operation that changed it.</param>
/// <param name="Id">The id of what was changed, or made.</param>
/// <param name="Before">What was there, where the id is not all.</param>
internal sealed record EstateUndo(EstateActionKind Kind, Guid Operation, string Id, JsonElement? Before = null)
{
    /// <summary>The longest that is given to a caller to keep.</summary>
    public const int Longest = 16_000;

    /// <summary>As text; null when it is too long to keep.</summary>
    public string? Keep()
    {
        var text = JsonSerializer.Serialize(this);
        return text.Length <= Longest ? text : null;
    }

    /// <summary>What was kept; null when it is none of this kind.</summary>
    public static EstateUndo? Read(string text, EstateActionKind kind)
    {
        try
        {
            return JsonSerializer.Deserialize<EstateUndo>(text) is { Id.Length: > 0 } undo && undo.Kind == kind ? undo : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
