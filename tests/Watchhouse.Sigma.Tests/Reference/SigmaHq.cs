using System.Formats.Tar;
using System.IO.Compression;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

/// <summary>The public SigmaHQ rules, read in place from their archive.</summary>
internal static class SigmaHq
{
    /// <summary>The folders whose rules are meant to be run.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["rules/", "rules-emerging-threats/", "rules-threat-hunting/"];

    private static readonly Lazy<IReadOnlyList<(string Text, string File)>> All = new(ReadAll);
    private static readonly Lazy<SigmaRuleSet> Set = new(() => SigmaLoader.Parse(Files([.. Folders])));

    /// <summary>The 3,754 rules; two of them lack a value list.</summary>
    public static SigmaRuleSet RuleSet
    {
        get
        {
            Archive();
            return Set.Value;
        }
    }

    /// <summary>Texts of all rule files in some folders.</summary>
    public static IEnumerable<(string Text, string File)> Files(params IReadOnlyList<string> folders)
    {
        Archive();
        return All.Value.Where(file => folders.Any(folder => file.File.StartsWith(folder, StringComparison.Ordinal)));
    }

    // Outside the lazy value: a skipped test must not leave it broken for the next.
    private static string Archive() => SharedData.Path("detection/rules/sigmahq-8eaafff.tar.gz");

    private static List<(string, string)> ReadAll()
    {
        var files = new List<(string, string)>();
        using var zip = new GZipStream(File.OpenRead(Archive()), CompressionMode.Decompress);
        using var tar = new TarReader(zip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".yml", StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(entry.DataStream);
            files.Add((reader.ReadToEnd(), entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name));
        }

        return files;
    }
}
