using System.Net;

namespace Watchhouse.Sigma;

/// <summary>What a test asks of one value.</summary>
public abstract record SigmaMatch;

/// <summary>
/// The whole value fits a pattern. Numbers and booleans of the event are compared by their text (true and false in any
/// case). For a keyword (a test without field) the pattern is already padded with wildcards.
/// </summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Cased">Compare case-sensitively; else by Unicode simple case folding.</param>
public sealed record TextMatch(SigmaPattern Pattern, bool Cased) : SigmaMatch;

/// <summary>The value is this number, written as a number or as text (4624, "4624").</summary>
public sealed record NumberMatch(double Number, string Text) : SigmaMatch;

/// <summary>The value fits a regular expression somewhere in it, on the raw text, case-sensitively unless told.</summary>
/// <param name="Expression">The expression as written; wrapped in .* where contains, startswith or endswith follow re.</param>
/// <param name="IgnoreCase">Flag i.</param>
/// <param name="Multiline">Flag m: ^ and $ bind lines; else the whole value.</param>
/// <param name="DotAll">Flag s: the dot matches a line feed too.</param>
public sealed record RegexMatch(string Expression, bool IgnoreCase, bool Multiline, bool DotAll) : SigmaMatch;

/// <summary>The value is an address in a network; ::ffff:a.b.c.d counts as a.b.c.d. What is no address never matches.</summary>
public sealed record NetworkMatch(IPNetwork Network) : SigmaMatch;

/// <summary>The field is absent or null.</summary>
public sealed record NullMatch : SigmaMatch;

/// <summary>The field is present, be it null or empty (true), or absent (false).</summary>
public sealed record ExistsMatch(bool Expected) : SigmaMatch;

/// <summary>How a number is compared.</summary>
public enum NumberComparison
{
    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,
}

/// <summary>The value is a number, or text of a number, that compares so. Anything else never matches.</summary>
public sealed record CompareMatch(NumberComparison Comparison, double Number) : SigmaMatch;

/// <summary>How two fields are compared.</summary>
public enum FieldComparison
{
    /// <summary>Equal.</summary>
    Equals,

    /// <summary>The field starts with the other.</summary>
    StartsWith,

    /// <summary>The field ends with the other.</summary>
    EndsWith,

    /// <summary>The field contains the other.</summary>
    Contains,
}

/// <summary>The value compares so with another field of the same event; false where either is absent or null.</summary>
public sealed record FieldMatch(string OtherField, FieldComparison Comparison, bool Cased) : SigmaMatch;

/// <summary>A part of a timestamp.</summary>
public enum TimePart
{
    /// <summary>0 to 59.</summary>
    Minute,

    /// <summary>0 to 23.</summary>
    Hour,

    /// <summary>1 to 31.</summary>
    Day,

    /// <summary>ISO 8601 week, 1 to 53.</summary>
    Week,

    /// <summary>1 to 12.</summary>
    Month,

    /// <summary>The year.</summary>
    Year,
}

/// <summary>The value is a timestamp whose part, as written and without a change of time zone, is this number.</summary>
public sealed record TimePartMatch(TimePart Part, int Number) : SigmaMatch;
