using System.Text.RegularExpressions;

namespace Watchhouse.Cacao;

/// <summary>Ids and names of variables (sections 10.10 and 10.18).</summary>
public static partial class CacaoIds
{
    /// <summary>Whether it is an object type, two hyphens and a UUID of RFC 4122.</summary>
    public static bool IsId(string text) => IdPattern().IsMatch(text);

    /// <summary>Whether it is an id of an object of this type.</summary>
    public static bool IsId(string text, string type) =>
        text.Length > type.Length + 2 && text.StartsWith(type, StringComparison.Ordinal) && IsId(text) && TypeOf(text) == type;

    /// <summary>The type in front of an id's UUID.</summary>
    public static string TypeOf(string id) => id.IndexOf("--", StringComparison.Ordinal) is > 0 and var at ? id[..at] : "";

    /// <summary>The UUID of an id; null where it is no id.</summary>
    public static Guid? UuidOf(string id) => IsId(id) && Guid.TryParse(id.AsSpan(TypeOf(id).Length + 2), out var uuid) ? uuid : null;

    /// <summary>Whether it is the name of a variable, with its underscores.</summary>
    public static bool IsVariable(string name) => VariablePattern().IsMatch(name);

    /// <summary>The variables that a text refers to as <c>__name__:value</c>, each once.</summary>
    public static IReadOnlyList<string> VariablesIn(string text) =>
        [.. UsePattern().Matches(text).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];

    /// <summary>The text with the values of the variables in it; one without a value stands as its name.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        UsePattern().Replace(text, match => values.TryGetValue(match.Groups[1].Value, out var value) && value.Length > 0 ? value : Plain(match.Groups[1].Value));

    /// <summary>A variable's name as people read it: <c>[account]</c>.</summary>
    public static string Plain(string variable) => $"[{variable.Trim('_').Replace('_', ' ')}]";

    [GeneratedRegex("^[a-z][a-z0-9-]+[a-z0-9]--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$", RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();

    [GeneratedRegex("^__[a-zA-Z][a-zA-Z0-9_-]{0,199}__$", RegexOptions.NonBacktracking)]
    private static partial Regex VariablePattern();

    // Lazy, because underscores may stand inside a name: the first "__:value" ends it.
    [GeneratedRegex("(__[a-zA-Z][a-zA-Z0-9_-]{0,199}?__):value", RegexOptions.NonBacktracking)]
    private static partial Regex UsePattern();
}
