namespace Watchhouse.Normalisation;

/// <summary>What an entity is.</summary>
public enum EntityKind : byte
{
    /// <summary>A person's or service's account: user principal name, domain\name, name, SID or object id, in lower case.</summary>
    Account,

    /// <summary>A computer, in lower case.</summary>
    Host,

    /// <summary>An IP address without a port.</summary>
    Address,

    /// <summary>An application: its id, or its name where it has none.</summary>
    Application,

    /// <summary>The hash of a file, in lower case: MD5, SHA-1 or SHA-256 by its length.</summary>
    FileHash,

    /// <summary>The address of a web resource.</summary>
    Url,
}

/// <summary>The part that an entity plays in an event.</summary>
public enum EntityRole : byte
{
    /// <summary>It did it.</summary>
    Actor,

    /// <summary>It was done to it.</summary>
    Target,

    /// <summary>It came from there.</summary>
    Source,

    /// <summary>It went there.</summary>
    Destination,

    /// <summary>It happened there, or it was seen by it.</summary>
    Observer,

    /// <summary>It is spoken of.</summary>
    Related,
}

/// <summary>An entity of an event; <see cref="NormalisedEvent.ValueOf"/> gives its value.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Role">The part it plays.</param>
/// <param name="Start">Where its value starts among the event's values.</param>
/// <param name="Length">The length of its value in bytes.</param>
public readonly record struct EventEntity(EntityKind Kind, EntityRole Role, int Start, int Length);
