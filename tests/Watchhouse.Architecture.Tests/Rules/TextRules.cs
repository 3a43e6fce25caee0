using System.Text.RegularExpressions;
using Watchhouse.Architecture.Tests.Tree;

namespace Watchhouse.Architecture.Tests.Rules;

/// <summary>What may not stand in a file, whatever it compiles to.</summary>
internal static partial class TextRules
{
    public const int LongestFile = 500;

    private static readonly HashSet<string> CodeExtensions = [".cs", ".razor", ".css", ".js", ".ts", ".sh", ".py"];

    /// <summary>A file that nobody can hold in mind is several things.</summary>
    public static IEnumerable<string> TooLong(IEnumerable<TextFile> files) =>
        from file in files
        where IsCode(file) && file.IsUnder("src/") && !IsGenerated(file)
        where file.Lines.Count > LongestFile
        select $"{file.Path} has {file.Lines.Count} lines; {LongestFile} is the limit.";

    /// <summary>
    /// Time comes from TimeProvider, so that tests can set it, and ids sort by that time: Guid.CreateVersion7 takes the
    /// timestamp from it. Only the registration may name the system's clock.
    /// </summary>
    public static IEnumerable<string> ReadsClock(IEnumerable<TextFile> files, IReadOnlyList<Exemption> exemptions) =>
        from file in files
        where file.Extension is ".cs" or ".razor" && file.IsUnder("src/") && !IsGenerated(file)
        from line in Matches(file, ClockPattern(), exemptions)
        where !line.Text.StartsWith("//", StringComparison.Ordinal)
        select $"{file.Path}:{line.Number} reads the clock past TimeProvider: {line.Text}";

    /// <summary>Marks of a missing part.</summary>
    public static IEnumerable<string> Unfinished(IEnumerable<TextFile> files, IReadOnlyList<Exemption> exemptions) =>
        from file in files
        where IsCode(file)
        from line in Matches(file, UnfinishedPattern(), exemptions)
        select $"{file.Path}:{line.Number} marks a missing part: {line.Text}";

    /// <summary>Paths that exist on one person's machine only.</summary>
    public static IEnumerable<string> LocalPaths(IEnumerable<TextFile> files, IReadOnlyList<Exemption> exemptions) =>
        from file in files
        from line in Matches(file, LocalPathPattern(), exemptions)
        select $"{file.Path}:{line.Number} has a path of one machine: {line.Text}";

    /// <summary>Exemptions that no longer exempt anything.</summary>
    public static IEnumerable<string> Stale(IReadOnlyList<TextFile> files, IReadOnlyList<Exemption> exemptions) =>
        from exemption in exemptions
        where !files.Any(file => exemption.Covers(file))
        select $"The exemption of {exemption.Path} covers no file: remove it.";

    private static IEnumerable<(int Number, string Text)> Matches(
        TextFile file, Regex pattern, IReadOnlyList<Exemption> exemptions) =>
        exemptions.Any(exemption => exemption.Covers(file))
            ? []
            : file.Lines
                .Select((text, index) => (Number: index + 1, Text: text.Trim()))
                .Where(line => pattern.IsMatch(line.Text));

    private static bool IsCode(TextFile file) => CodeExtensions.Contains(file.Extension);

    private static bool IsGenerated(TextFile file) =>
        file.Path.Contains("/Migrations/", StringComparison.Ordinal)
        || file.Path.Contains("/wwwroot/lib/", StringComparison.Ordinal)
        || file.Path.Contains(".min.", StringComparison.Ordinal);

    [GeneratedRegex(
        @"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bGuid\.NewGuid\b|\bGuid\.CreateVersion7\(\)"
        + @"|\bEnvironment\.TickCount|(?<!Singleton\(|Singleton<TimeProvider>\()\bTimeProvider\.System\b")]
    private static partial Regex ClockPattern();

    // Brackets keep the patterns from matching themselves.
    [GeneratedRegex(
        @"[N]otImplementedException|\b[T]ODO\b|\b[F]IXME\b|\b[H]ACK\b|\b[X]XX\b|[c]oming soon|[n]ot yet implemented"
        + @"|[i]n a real (system|implementation)|[p]laceholder page")]
    private static partial Regex UnfinishedPattern();

    [GeneratedRegex(@"(?<![\w.~}*-])/((work|root|home|farm)/[\w.]|Users/[\w.-]+/)|\b[C-Z]:\\Users\\")]
    private static partial Regex LocalPathPattern();
}

/// <summary>A file or folder that a text rule does not apply to, and why.</summary>
internal sealed record Exemption(string Path, string Reason)
{
    public bool Covers(TextFile file) => file.IsUnder(Path);
}
