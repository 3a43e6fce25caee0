namespace Watchhouse.Sigma;

/// <summary>A regular expression as a tree. Groups leave no trace: only whether a text matches is asked.</summary>
internal abstract record RegexTree;

/// <summary>One character of a set.</summary>
internal sealed record RegexCharacter(ScalarSet Set) : RegexTree;

/// <summary>One after the other; none is the empty text.</summary>
internal sealed record RegexSequence(IReadOnlyList<RegexTree> Parts) : RegexTree;

/// <summary>Any of them.</summary>
internal sealed record RegexChoice(IReadOnlyList<RegexTree> Parts) : RegexTree;

/// <summary>So many times; no upper bound where <paramref name="Most"/> is null. Greedy or lazy makes no difference to whether there is a match.</summary>
internal sealed record RegexRepeat(RegexTree Part, int Least, int? Most) : RegexTree;

/// <summary>A condition on the place, which takes no character.</summary>
internal sealed record RegexAnchor(AnchorKind Kind) : RegexTree;

/// <summary>Kinds of anchors.</summary>
internal enum AnchorKind : byte
{
    /// <summary>Start of the text.</summary>
    TextStart,

    /// <summary>Start of the text or after a line feed.</summary>
    LineStart,

    /// <summary>End of the text.</summary>
    TextEnd,

    /// <summary>End of the text or before a line feed.</summary>
    LineEnd,

    /// <summary>Between a character of a word and none: \b.</summary>
    WordBorder,

    /// <summary>Anywhere else: \B.</summary>
    NoWordBorder,
}
