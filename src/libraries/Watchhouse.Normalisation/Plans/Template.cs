using System.Text;

namespace Watchhouse.Normalisation;

/// <summary>What is made of a value in a template.</summary>
internal enum TemplateFilter
{
    None,

    /// <summary>The last part of a path of files.</summary>
    Leaf,

    /// <summary>Machine where the name ends with $, User where not.</summary>
    AccountType,
}

/// <summary>
/// A part of a template: text, or a reference to what a column or a slot holds, with the names to follow inside it. A name of
/// null stands for each item of an array.
/// </summary>
internal sealed record TemplatePart(byte[] Literal, int Column, int Slot, byte[]?[] Inside, TemplateFilter Filter)
{
    public bool IsLiteral => Column < 0 && Slot < 0;
}

/// <summary>"{TargetDomainName}\{TargetUserName}", or a reference alone without its braces.</summary>
internal sealed class Template(IReadOnlyList<TemplatePart> parts)
{
    public TemplatePart[] Parts { get; } = [.. parts];

    /// <summary>True where the template is one reference and nothing else: only such a one may lead to several values.</summary>
    public bool IsReference => Parts is [{ IsLiteral: false }];

    public static Template Parse(string text, Func<string, int> column, Func<string, int> slot)
    {
        if (!text.Contains('{', StringComparison.Ordinal)) return new([Reference(text, column, slot)]);
        var parts = new List<TemplatePart>();
        while (text.Length > 0)
        {
            var open = text.IndexOf('{', StringComparison.Ordinal);
            if (open != 0)
            {
                parts.Add(new(Encoding.UTF8.GetBytes(open < 0 ? text : text[..open]), -1, -1, [], TemplateFilter.None));
                text = open < 0 ? "" : text[open..];
                continue;
            }

            var close = text.IndexOf('}', StringComparison.Ordinal);
            if (close < 0) throw new FormatException($"The template '{text}' has a brace that is not closed.");
            parts.Add(Reference(text[1..close], column, slot));
            text = text[(close + 1)..];
        }

        return new(parts);
    }

    private static TemplatePart Reference(string text, Func<string, int> column, Func<string, int> slot)
    {
        var filter = TemplateFilter.None;
        if (text.IndexOf('|', StringComparison.Ordinal) is >= 0 and var bar)
        {
            if (!Enum.TryParse(text[(bar + 1)..], ignoreCase: true, out filter))
                throw new FormatException($"The filter of '{text}' is unknown; known are leaf and accounttype.");
            text = text[..bar];
        }

        var (path, inside) = (text, new List<byte[]?>());
        if (text.IndexOf("[]", StringComparison.Ordinal) is >= 0 and var items)
        {
            path = text[..items];
            foreach (var name in PathTree.Split(text[(items + 2)..]).SelectMany(Steps)) inside.Add(name);
            inside.Insert(0, null);
        }

        // What a column was given is what a reader of the row sees; only what has no column is asked of the record.
        var first = PathTree.Split(path)[0];
        if (column(path) is >= 0 and var whole) return new([], whole, -1, [.. inside], filter);
        if (path != first && column(first) is >= 0 and var start)
            return new([], start, -1, [.. PathTree.Split(path).Skip(1).Select(Encoding.UTF8.GetBytes), .. inside], filter);
        return new([], -1, slot(path), [.. inside], filter);
    }

    private static IEnumerable<byte[]?> Steps(string name)
    {
        var isList = name.EndsWith("[]", StringComparison.Ordinal);
        if (isList) name = name[..^2];
        if (name.Length > 0) yield return Encoding.UTF8.GetBytes(name);
        if (isList) yield return null;
    }
}
