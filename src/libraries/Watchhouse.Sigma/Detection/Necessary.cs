using System.Globalization;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// Something that can be seen of an event without evaluating a rule: a value of a field equals, starts with, ends with or
/// contains a literal, or (with <see cref="PatternShape.Everything"/>) the field is there at all.
/// </summary>
internal readonly record struct Atom(string? Field, PatternShape Shape, byte[] Literal);

/// <summary>Atoms of which at least one must be seen for a rule to match, and how often that is to be expected (0 to 1).</summary>
internal sealed record Clause(IReadOnlyList<Atom> Atoms, double Likelihood);

/// <summary>
/// Finds what a condition cannot do without. A rule is looked at only when one atom of its clause was seen: the idea of
/// fast patterns in network intrusion detection, applied to fields.
/// </summary>
internal static class Necessary
{
    /// <summary>The clause that is expected least often, or null where the condition can hold for an event without any atom.</summary>
    public static Clause? Of(SigmaExpression expression) => expression switch
    {
        SigmaTest test => OfTest(test),
        SigmaAll all => all.Operands.Select(Of).OfType<Clause>().MinBy(clause => clause.Likelihood),
        SigmaAny any => Union(any.Operands.Select(Of)),
        SigmaNot { Operand: SigmaNot inner } => Of(inner.Operand),
        // not (a or b) is (not a) and (not b); not (a and b) is (not a) or (not b).
        SigmaNot { Operand: SigmaAny any } =>
            any.Operands.Select(each => Of(new SigmaNot(each))).OfType<Clause>().MinBy(clause => clause.Likelihood),
        SigmaNot { Operand: SigmaAll all } => Union(all.Operands.Select(each => Of(new SigmaNot(each)))),
        SigmaNot { Operand: SigmaTest { Match: NullMatch or ExistsMatch { Expected: false } } test } => Present(test.Field),
        _ => null,
    };

    /// <summary>How often a condition is expected to hold: orders the operands of AND.</summary>
    public static double Likelihood(SigmaExpression expression) => expression switch
    {
        SigmaNot not => 1 - Math.Min(0.9, Likelihood(not.Operand)),
        SigmaTest { Match: NullMatch } => 0.5,
        _ => Of(expression)?.Likelihood ?? 0.8,
    };

    private static Clause? OfTest(SigmaTest test) => test.Match switch
    {
        TextMatch text => OfPattern(test.Field, BytePattern.Compile(text.Pattern, cased: false)),
        NumberMatch number => OfNumber(test.Field, number),
        RegexMatch regex => RegexLiterals.Required(regex) is { Count: > 0 } literals
            ? Union(literals.Select(literal => OfAtom(new(test.Field, PatternShape.Contains, TextFold.Fold(literal)))))
            : Present(test.Field),
        NullMatch or ExistsMatch { Expected: false } => null,
        _ => Present(test.Field),
    };

    private static Clause? OfPattern(string? field, BytePattern pattern) => pattern switch
    {
        { Shape: PatternShape.Everything } => Present(field),
        { Shape: PatternShape.General, Literal.Length: 0 } => Present(field),
        { Shape: PatternShape.General } => OfAtom(new(field, PatternShape.Contains, pattern.Literal)),
        { Shape: not PatternShape.Exact, Literal.Length: 0 } => Present(field),
        _ => OfAtom(new(field, pattern.Shape, pattern.Literal)),
    };

    private static Clause OfNumber(string? field, NumberMatch number)
    {
        var written = TextFold.Fold(number.Text);
        var plain = Encoding.UTF8.GetBytes(number.Number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant());
        List<Atom> atoms = [new(field, PatternShape.Exact, written)];
        if (!plain.AsSpan().SequenceEqual(written)) atoms.Add(new(field, PatternShape.Exact, plain));
        return new(atoms, AtomLikelihood.Of(atoms[0]));
    }

    private static Clause OfAtom(Atom atom) => new([atom], AtomLikelihood.Of(atom));

    private static Clause? Present(string? field) => field is null ? null : OfAtom(new(field, PatternShape.Everything, []));

    private static Clause? Union(IEnumerable<Clause?> clauses)
    {
        var atoms = new List<Atom>();
        var likelihood = 0.0;
        foreach (var clause in clauses)
        {
            if (clause is null) return null;
            atoms.AddRange(clause.Atoms);
            likelihood += clause.Likelihood;
        }

        return new(atoms, Math.Min(1, likelihood));
    }
}
