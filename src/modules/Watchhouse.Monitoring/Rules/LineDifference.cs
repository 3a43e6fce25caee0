using System.Text;

namespace Watchhouse.Monitoring.Rules;

/// <summary>The difference of two texts, line by line, as people know it: '-' gone, '+' come, three lines around. Pure.</summary>
internal static class LineDifference
{
    private const int Around = 3;

    // Beyond this the table of common lines would take too much memory; the middle is then shown as replaced.
    private const int MostCells = 1_000_000;

    /// <summary>The difference; empty where there is none.</summary>
    public static string Of(string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var start = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start]) start++;
        var end = 0;
        while (end < old.Length - start && end < now.Length - start && old[^(end + 1)] == now[^(end + 1)]) end++;
        var middle = Middle(old[start..^end], now[start..^end]);
        if (middle.Count == 0) return "";
        List<(char Sign, string Line)> all = [.. old[..start].Select(line => (' ', line)), .. middle, .. old[^end..].Select(line => (' ', line))];
        return Written(all);
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    // Longest common subsequence.
    private static List<(char Sign, string Line)> Middle(string[] old, string[] now)
    {
        var lines = new List<(char, string)>();
        if ((long)old.Length * now.Length > MostCells)
        {
            lines.AddRange(old.Select(line => ('-', line)));
            lines.AddRange(now.Select(line => ('+', line)));
            return lines;
        }

        var common = new int[old.Length + 1, now.Length + 1];
        for (var left = old.Length - 1; left >= 0; left--)
        {
            for (var right = now.Length - 1; right >= 0; right--)
                common[left, right] = old[left] == now[right] ? common[left + 1, right + 1] + 1 : Math.Max(common[left + 1, right], common[left, right + 1]);
        }

        var (i, j) = (0, 0);
        while (i < old.Length || j < now.Length)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                lines.Add((' ', old[i]));
                (i, j) = (i + 1, j + 1);
            }
            else if (i < old.Length && (j == now.Length || common[i + 1, j] >= common[i, j + 1])) lines.Add(('-', old[i++]));
            else lines.Add(('+', now[j++]));
        }

        return lines;
    }

    private static string Written(List<(char Sign, string Line)> lines)
    {
        var text = new StringBuilder();
        var shown = -1;
        for (var at = 0; at < lines.Count; at++)
        {
            var isNear = false;
            for (var near = Math.Max(0, at - Around); near <= Math.Min(lines.Count - 1, at + Around) && !isNear; near++) isNear = lines[near].Sign != ' ';
            if (!isNear) continue;
            if (shown >= 0 && shown != at - 1) text.Append("…\n");
            text.Append(lines[at].Sign).Append(lines[at].Line).Append('\n');
            shown = at;
        }

        return text.ToString();
    }
}
