using System.Text;

namespace Watchhouse.Response.Bulletins;

/// <summary>A part of a text: a heading, a paragraph, a list or code.</summary>
/// <param name="Kind">h1 to h3, p, ul, ol or pre.</param>
/// <param name="Lines">Of a list its items; else one.</param>
internal sealed record MarkdownBlock(string Kind, IReadOnlyList<IReadOnlyList<MarkdownSpan>> Lines);

/// <summary>A run of text that is written in one way.</summary>
/// <param name="Kind">text, strong, em, code or link.</param>
/// <param name="Text">What is read.</param>
/// <param name="Address">Of a link: an https address, and nothing else.</param>
internal sealed record MarkdownSpan(string Kind, string Text, string? Address = null);

/// <summary>
/// The part of Markdown (CommonMark) that bulletins use: headings, paragraphs, lists, code, bold, italic and https links. It makes parts
/// and no HTML: the page writes them as text, so nothing that stands in a bulletin can become a script. What it does not know stays as
/// it was written. Pure.
/// </summary>
internal static class MarkdownText
{
    public static IReadOnlyList<MarkdownBlock> Parse(string text)
    {
        var blocks = new List<MarkdownBlock>();
        var paragraph = new List<string>();
        var items = new List<string>();
        var list = "";
        StringBuilder? code = null;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (raw.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                EndAll();
                if (code is null) code = new StringBuilder();
                else (_, code) = (Code(code), null);
                continue;
            }

            if (code is not null)
            {
                code.Append(raw).Append('\n');
                continue;
            }

            var line = raw.Trim();
            if (line.Length == 0) EndAll();
            else if (Heading(line) is { } level)
            {
                EndAll();
                blocks.Add(new($"h{Math.Min(level, 3)}", [Spans(line[level..].Trim().TrimEnd('#').Trim())]));
            }
            else if (Item(line) is var (kind, words))
            {
                EndParagraph();
                if (list != kind) EndList();
                list = kind;
                items.Add(words);
            }
            else if (list.Length > 0 && char.IsWhiteSpace(raw[0])) items[^1] += " " + line;
            else
            {
                EndList();
                paragraph.Add(line);
            }
        }

        EndAll();
        if (code is not null) Code(code);
        return blocks;

        void EndAll()
        {
            EndParagraph();
            EndList();
        }

        void EndParagraph()
        {
            if (paragraph.Count > 0) blocks.Add(new("p", [Spans(string.Join(' ', paragraph))]));
            paragraph.Clear();
        }

        void EndList()
        {
            if (items.Count > 0) blocks.Add(new(list, [.. items.Select(Spans)]));
            items.Clear();
            list = "";
        }

        bool Code(StringBuilder lines)
        {
            blocks.Add(new("pre", [[new("code", lines.ToString().TrimEnd('\n'))]]));
            return true;
        }
    }

    private static int? Heading(string line)
    {
        var level = 0;
        while (level < line.Length && line[level] == '#') level++;
        return level is > 0 and <= 6 && level < line.Length && line[level] == ' ' ? level : null;
    }

    private static (string Kind, string Words)? Item(string line)
    {
        if (line.Length > 2 && line[0] is '-' or '*' or '+' && line.Length > 2 && line[1] == ' ') return ("ul", line[2..].Trim());
        var digits = 0;
        while (digits < line.Length && digits < 4 && char.IsAsciiDigit(line[digits])) digits++;
        return digits > 0 && line.Length > digits + 2 && line[digits] is '.' or ')' && line[digits + 1] == ' ' ? ("ol", line[(digits + 2)..].Trim()) : null;
    }

    private static IReadOnlyList<MarkdownSpan> Spans(string line)
    {
        var spans = new List<MarkdownSpan>();
        var plain = new StringBuilder();
        for (var at = 0; at < line.Length;)
        {
            if (Span(line, at) is not var (span, length))
            {
                plain.Append(line[at++]);
                continue;
            }

            if (plain.Length > 0) spans.Add(new("text", plain.ToString()));
            plain.Clear();
            spans.Add(span);
            at += length;
        }

        if (plain.Length > 0) spans.Add(new("text", plain.ToString()));
        return spans;
    }

    private static (MarkdownSpan Span, int Length)? Span(string line, int at)
    {
        if (Between(line, at, "`") is { } code) return (new("code", code), code.Length + 2);
        if (Between(line, at, "**") is { } strong) return (new("strong", strong), strong.Length + 4);
        if (Between(line, at, "*") is { } em) return (new("em", em), em.Length + 2);
        if (line[at] == '[' && line.IndexOf("](", at, StringComparison.Ordinal) is > 0 and var middle && line.IndexOf(')', middle) is > 0 and var end)
        {
            var (words, address) = (line[(at + 1)..middle], line[(middle + 2)..end]);
            if (words.Length > 0 && IsSafe(address)) return (new("link", words, address), end + 1 - at);
        }

        return null;
    }

    private static string? Between(string line, int at, string mark)
    {
        if (string.CompareOrdinal(line, at, mark, 0, mark.Length) != 0) return null;
        var from = at + mark.Length;
        if (from >= line.Length || char.IsWhiteSpace(line[from])) return null;
        var to = line.IndexOf(mark, from, StringComparison.Ordinal);
        return to <= from || char.IsWhiteSpace(line[to - 1]) ? null : line[from..to];
    }

    private static bool IsSafe(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0;
}
