using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>Joins expressions and keeps them flat, so that rules that ask the same are equal.</summary>
internal static class Combine
{
    public static SigmaExpression All(IReadOnlyCollection<SigmaExpression> operands)
    {
        if (operands.Count == 1) return operands.First();
        return new SigmaAll([.. operands.SelectMany(each => each is SigmaAll all ? all.Operands : [each])]);
    }

    public static SigmaExpression Any(IReadOnlyCollection<SigmaExpression> operands)
    {
        if (operands.Count == 1) return operands.First();
        return new SigmaAny([.. operands.SelectMany(each => each is SigmaAny any ? any.Operands : ImmutableArray.Create(each))]);
    }
}
