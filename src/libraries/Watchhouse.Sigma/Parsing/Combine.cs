using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>Joins expressions and keeps them flat, so that rules that ask the same are equal.</summary>
internal static class Combine
{
    /// <summary>Stands for a part that a pipeline dropped: it takes no part in what is joined, and is compared by reference.</summary>
    public static SigmaExpression Dropped { get; } = new SigmaAny([new SigmaAll([])]);

    public static SigmaExpression All(IReadOnlyCollection<SigmaExpression> operands)
    {
        if (operands.Any(IsDropped)) operands = [.. operands.Where(each => !IsDropped(each))];
        return operands.Count switch
        {
            0 => Dropped,
            1 => operands.First(),
            _ => new SigmaAll([.. operands.SelectMany(each => each is SigmaAll all ? all.Operands : ImmutableArray.Create(each))]),
        };
    }

    public static SigmaExpression Any(IReadOnlyCollection<SigmaExpression> operands)
    {
        if (operands.Any(IsDropped)) operands = [.. operands.Where(each => !IsDropped(each))];
        return operands.Count switch
        {
            0 => Dropped,
            1 => operands.First(),
            _ => new SigmaAny([.. operands.SelectMany(each => each is SigmaAny any ? any.Operands : ImmutableArray.Create(each))]),
        };
    }

    public static SigmaExpression Not(SigmaExpression operand) => IsDropped(operand) ? operand : new SigmaNot(operand);

    public static bool IsDropped(SigmaExpression expression) => ReferenceEquals(expression, Dropped);
}
