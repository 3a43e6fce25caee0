using System.Diagnostics.CodeAnalysis;

namespace Watchhouse.Platform.Operations;

/// <summary>Why an operation was not done.</summary>
public enum FailureKind
{
    /// <summary>It does not exist, or not for this principal; the two are never told apart.</summary>
    NotFound,

    /// <summary>The principal holds no permission for it anywhere.</summary>
    Refused,

    /// <summary>The input breaks a rule.</summary>
    Invalid,

    /// <summary>It collides with what is stored, such as a stale version.</summary>
    Conflict,

    /// <summary>The controller demands a reason for this operation and none was given.</summary>
    ReasonRequired,
}

/// <summary>A failure as people read it: what happened, what it means, what to do.</summary>
/// <param name="Kind">The kind, which decides the HTTP status.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Field">The input at fault, in the API's spelling, if there is one.</param>
public sealed record Failure(FailureKind Kind, string Message, string? Field = null)
{
    public static readonly Failure NotFound = new(FailureKind.NotFound,
        "There is nothing at this address that you may see. Check the address, or ask the force that owns it for a delegation.");

    public static Failure Refused(string message) => new(FailureKind.Refused, message);

    public static Failure Invalid(string message, string? field = null) => new(FailureKind.Invalid, message, field);

    public static Failure Conflict(string message) => new(FailureKind.Conflict, message);
}

/// <summary>The result of an operation that returns a value: success or a typed failure, never both.</summary>
public readonly record struct Outcome<T>
{
    private Outcome(T? value, Failure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public Failure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}

/// <summary>The value of an operation that has nothing to say but that it was done.</summary>
public readonly record struct Done;
