using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>
/// What a rule asks of an event: a boolean expression in two-valued logic, in which an absent field makes a test false.
/// Structural equality, so that equal questions of different rules are asked once.
/// </summary>
public abstract record SigmaExpression;

/// <summary>True where every operand is; true when there is none.</summary>
public sealed record SigmaAll(ImmutableArray<SigmaExpression> Operands) : SigmaExpression
{
    /// <inheritdoc/>
    public bool Equals(SigmaAll? other) => other is not null && Operands.AsSpan().SequenceEqual(other.Operands.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Operands.Aggregate(17, (hash, each) => HashCode.Combine(hash, each));
}

/// <summary>True where at least one operand is; false when there is none.</summary>
public sealed record SigmaAny(ImmutableArray<SigmaExpression> Operands) : SigmaExpression
{
    /// <inheritdoc/>
    public bool Equals(SigmaAny? other) => other is not null && Operands.AsSpan().SequenceEqual(other.Operands.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Operands.Aggregate(19, (hash, each) => HashCode.Combine(hash, each));
}

/// <summary>True where the operand is not.</summary>
public sealed record SigmaNot(SigmaExpression Operand) : SigmaExpression;

/// <summary>
/// A test of one field. With an array or an object under the field the test is true if any leaf value meets it (an
/// object or array also offers its JSON text to text tests).
/// </summary>
/// <param name="Field">Name as the rule writes it; null searches every value of the event, keys that begin with _ left out.</param>
/// <param name="Match">What the value must be.</param>
public sealed record SigmaTest(string? Field, SigmaMatch Match) : SigmaExpression;
