using System.Collections.Immutable;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>Kind of a part of a pattern.</summary>
public enum PatternPartKind
{
    /// <summary>Text that must stand there.</summary>
    Literal,

    /// <summary>Exactly one character (a Unicode scalar value), line feeds included: ?</summary>
    One,

    /// <summary>Any number of characters, none included: *</summary>
    Many,
}

/// <summary>A part of a pattern; the text is empty unless the part is a literal.</summary>
public readonly record struct PatternPart(PatternPartKind Kind, string Text);

/// <summary>
/// A Sigma string: literals and wildcards, as escapes have been resolved. Two literals are never neighbours and two
/// stars never follow each other, so equal patterns have equal parts.
/// </summary>
public sealed record SigmaPattern
{
    private SigmaPattern(ImmutableArray<PatternPart> parts) => Parts = parts;

    /// <summary>The parts in order; none for the empty string.</summary>
    public ImmutableArray<PatternPart> Parts { get; }

    /// <summary>True where the pattern holds no wildcard.</summary>
    public bool IsLiteral => Parts.Length == 0 || (Parts.Length == 1 && Parts[0].Kind == PatternPartKind.Literal);

    /// <summary>A pattern of parts; neighbours are joined.</summary>
    public static SigmaPattern Of(params ReadOnlySpan<PatternPart> parts)
    {
        var joined = ImmutableArray.CreateBuilder<PatternPart>(parts.Length);
        foreach (var part in parts)
        {
            if (part is { Kind: PatternPartKind.Literal, Text.Length: 0 }) continue;
            if (joined.Count > 0 && joined[^1].Kind == part.Kind && part.Kind != PatternPartKind.One)
            {
                if (part.Kind == PatternPartKind.Literal) joined[^1] = part with { Text = joined[^1].Text + part.Text };
                continue;
            }

            joined.Add(part);
        }

        return new(joined.DrainToImmutable());
    }

    /// <summary>A pattern that is this text and nothing else.</summary>
    public static SigmaPattern Literal(string text) => Of(new PatternPart(PatternPartKind.Literal, text));

    /// <summary>
    /// Reads Sigma's notation: * and ? are wildcards; \* \? and \\ are the character itself, where a backslash before
    /// anything else is a backslash (Sigma rules specification 2.1, "Escaping").
    /// </summary>
    public static SigmaPattern Parse(string text)
    {
        var parts = new List<PatternPart>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var here = text[at];
            if (here == '\\' && at + 1 < text.Length && text[at + 1] is '\\' or '*' or '?')
            {
                literal.Append(text[++at]);
            }
            else if (here is '*' or '?')
            {
                parts.Add(new(PatternPartKind.Literal, literal.ToString()));
                literal.Clear();
                parts.Add(new(here == '*' ? PatternPartKind.Many : PatternPartKind.One, ""));
            }
            else
            {
                literal.Append(here);
            }
        }

        parts.Add(new(PatternPartKind.Literal, literal.ToString()));
        return Of([.. parts]);
    }

    /// <summary>The pattern with a star put before, after or on both sides; a star is never doubled.</summary>
    public SigmaPattern Pad(bool before, bool after)
    {
        var star = new PatternPart(PatternPartKind.Many, "");
        return Of([.. before ? [star] : ReadOnlySpan<PatternPart>.Empty, .. Parts, .. after ? [star] : ReadOnlySpan<PatternPart>.Empty]);
    }

    /// <inheritdoc/>
    public bool Equals(SigmaPattern? other) => other is not null && Parts.AsSpan().SequenceEqual(other.Parts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Parts.Aggregate(23, (hash, part) => HashCode.Combine(hash, part));

    /// <summary>The pattern in Sigma's notation.</summary>
    public override string ToString() => string.Concat(Parts.Select(part => part.Kind switch
    {
        PatternPartKind.Many => "*",
        PatternPartKind.One => "?",
        _ => part.Text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("*", @"\*", StringComparison.Ordinal).Replace("?", @"\?", StringComparison.Ordinal),
    }));
}
