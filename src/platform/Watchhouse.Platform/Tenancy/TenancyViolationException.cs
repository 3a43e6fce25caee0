namespace Watchhouse.Platform.Tenancy;

/// <summary>
/// Code tried to write a record of a force that its session does not see. This is a fault in the program, never the
/// answer to a person: the gate refuses people long before.
/// </summary>
public sealed class TenancyViolationException(string message) : InvalidOperationException(message);
