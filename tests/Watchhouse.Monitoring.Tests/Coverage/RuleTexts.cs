using System.Formats.Tar;
using System.IO.Compression;

namespace Watchhouse.Monitoring.Tests.Coverage;

/// <summary>Texts of rules in a packed release.</summary>
internal static class RuleTexts
{
    public static List<string> Of(string archive, params string[] folders)
    {
        var texts = new List<string>();
        using var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (entry.DataStream is null || !name.EndsWith(".yml", StringComparison.Ordinal) || !folders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal))) continue;
            using var reader = new StreamReader(entry.DataStream);
            texts.Add(reader.ReadToEnd());
        }

        return texts;
    }
}
