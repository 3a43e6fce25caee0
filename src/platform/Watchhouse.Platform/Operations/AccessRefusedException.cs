namespace Watchhouse.Platform.Operations;

/// <summary>
/// Thrown at the gate when the acting principal may not pass. The web layer answers with the failure's status;
/// nothing about the record, or whether it exists, is in it.
/// </summary>
public sealed class AccessRefusedException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;
}
