namespace Watchhouse.Platform.Audit;

/// <summary>
/// The processing operations for which the Data Protection Act 2018, section 62(1), requires logs in automated
/// processing systems. Stored: append, never renumber.
/// </summary>
public enum AuditOperation
{
    Collection = 1,
    Alteration = 2,
    Consultation = 3,

    /// <summary>Including transfers.</summary>
    Disclosure = 4,
    Combination = 5,
    Erasure = 6,
}
