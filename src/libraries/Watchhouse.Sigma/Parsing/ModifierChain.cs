namespace Watchhouse.Sigma;

/// <summary>What an item's modifiers make of its values.</summary>
internal enum MatchKind
{
    Text,
    Regex,
    Network,
    Compare,
    FieldReference,
    Exists,
    TimePart,
}

/// <summary>The modifiers of an item, checked: which kind of match they make, and the steps on texts in order.</summary>
internal sealed class ModifierChain
{
    private ModifierChain()
    {
    }

    public MatchKind Kind { get; private set; }

    public bool All { get; private set; }

    public bool Negated { get; private set; }

    public bool Cased { get; private set; }

    public bool Expands { get; private set; }

    public bool IgnoreCase { get; private set; }

    public bool Multiline { get; private set; }

    public bool DotAll { get; private set; }

    public bool RegexBefore { get; private set; }

    public bool RegexAfter { get; private set; }

    public NumberComparison Comparison { get; private set; }

    public FieldComparison FieldComparison { get; private set; }

    public TimePart TimePart { get; private set; }

    /// <summary>contains, startswith, endswith, windash, base64, base64offset, the UTF-16 encodings and expand, in order.</summary>
    public IReadOnlyList<string> TextSteps { get; private set; } = [];

    /// <summary>The chain of an item without modifiers.</summary>
    public static ModifierChain None { get; } = new();

    /// <summary>Reads the modifiers, as they stand after the first bar.</summary>
    public static ModifierChain Read(string modifiers, int line) =>
        Read([.. modifiers.Split('|').Select(part => part.Trim().ToLowerInvariant())], line);

    /// <summary>Reads the modifiers. One that nobody knows, or that does not fit the others, is an error and never ignored.</summary>
    public static ModifierChain Read(IReadOnlyList<string> modifiers, int line)
    {
        var chain = new ModifierChain();
        var steps = new List<string>();
        for (var index = 0; index < modifiers.Count; index++)
        {
            var modifier = modifiers[index];
            switch (modifier)
            {
                case "all": chain.All = true; break;
                case "neq": chain.Negated = true; break;
                case "cased": chain.Cased = true; break;
                case "re":
                    if (steps.Exists(step => step != "expand"))
                        throw Misuse(line, "re must come before other modifiers of the value: its text is raw.");
                    chain.Become(MatchKind.Regex, modifier, line);
                    break;
                case "i" or "ignorecase": chain.IgnoreCase = chain.Flag(modifier, line); break;
                case "m" or "multiline": chain.Multiline = chain.Flag(modifier, line); break;
                case "s" or "dotall": chain.DotAll = chain.Flag(modifier, line); break;
                case "cidr": chain.Become(MatchKind.Network, modifier, line); break;
                case "exists": chain.Become(MatchKind.Exists, modifier, line); break;
                case "fieldref":
                    if (steps.Count > 0) throw Misuse(line, "fieldref must come before contains, startswith and endswith, and takes no expand.");
                    chain.Become(MatchKind.FieldReference, modifier, line);
                    break;
                case "gt" or "gte" or "lt" or "lte":
                    chain.Become(MatchKind.Compare, modifier, line);
                    chain.Comparison = modifier switch
                    {
                        "gt" => NumberComparison.Greater,
                        "gte" => NumberComparison.GreaterOrEqual,
                        "lt" => NumberComparison.Less,
                        _ => NumberComparison.LessOrEqual,
                    };
                    break;
                case "minute" or "hour" or "day" or "week" or "month" or "year":
                    chain.Become(MatchKind.TimePart, modifier, line);
                    chain.TimePart = Enum.Parse<TimePart>(modifier, ignoreCase: true);
                    break;
                case "contains" or "startswith" or "endswith":
                    chain.Place(modifier, steps);
                    break;
                case "expand":
                    chain.Expands = true;
                    steps.Add(modifier);
                    break;
                case "windash" or "base64" or "base64offset" or "wide" or "utf16le" or "utf16be" or "utf16":
                    steps.Add(modifier);
                    break;
                default:
                    throw Misuse(line, $"The modifier '{modifier}' is unknown.");
            }
        }

        chain.TextSteps = steps;
        // A field name after fieldref takes contains and its like as a way to compare, not as a change of the text.
        if (chain.Kind is not (MatchKind.Text or MatchKind.Regex) && steps.Exists(step => step != "expand" && !IsPlacement(step)))
            throw Misuse(line, $"The modifiers {string.Join('|', modifiers)} do not fit together.");
        if (chain.Kind is not (MatchKind.Text or MatchKind.FieldReference or MatchKind.Regex) && (chain.Cased || steps.Count > 0))
            throw Misuse(line, $"The modifiers {string.Join('|', modifiers)} do not fit together.");
        if (chain is { Kind: MatchKind.FieldReference, Expands: true }) throw Misuse(line, "fieldref takes no expand: a field's name is not a value.");
        if (chain.Kind == MatchKind.Regex && steps.Exists(step => step != "expand"))
            throw Misuse(line, $"After re only i, m, s, all, neq, expand and contains, startswith, endswith make sense.");
        if (chain is { Kind: MatchKind.Regex, Cased: true, IgnoreCase: true })
            throw Misuse(line, "cased and i contradict each other.");
        return chain;
    }

    private static bool IsPlacement(string step) => step is "contains" or "startswith" or "endswith";

    private void Place(string modifier, List<string> steps)
    {
        switch (Kind)
        {
            case MatchKind.Regex:
                RegexBefore |= modifier is "contains" or "endswith";
                RegexAfter |= modifier is "contains" or "startswith";
                break;
            case MatchKind.FieldReference:
                FieldComparison = Enum.Parse<FieldComparison>(modifier, ignoreCase: true);
                break;
            default:
                steps.Add(modifier);
                break;
        }
    }

    private void Become(MatchKind kind, string modifier, int line)
    {
        if (Kind != MatchKind.Text) throw Misuse(line, $"'{modifier}' does not go with the modifiers before it.");
        Kind = kind;
    }

    private bool Flag(string modifier, int line) =>
        Kind == MatchKind.Regex ? true : throw Misuse(line, $"'{modifier}' is a flag of re and must follow it.");

    private static SigmaFormatException Misuse(int line, string reason) => new(line, reason);
}
