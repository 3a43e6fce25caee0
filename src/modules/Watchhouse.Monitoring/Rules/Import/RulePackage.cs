using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Watchhouse.Monitoring.Rules.Import;

/// <summary>A rule file of a release.</summary>
internal sealed record PackageFile(string Path, string Text);

/// <summary>
/// Reads the rule files of a release: a zip or tar.gz file, or a folder. Bounded, whatever the package claims. What a release
/// says is deprecated or unsupported is left out, and so is what is no rule by its place.
/// </summary>
internal static class RulePackage
{
    /// <summary>Greatest size of a package in bytes.</summary>
    public const long MostBytes = 64L << 20;

    private const long MostUnpacked = 256L << 20;
    private const int MostFiles = 20_000;
    private const int MostEntries = 200_000;

    private static readonly string[] LeftOut = ["deprecated", "unsupported", "documentation", "tests", "regression_data", ".github", "other"];

    /// <exception cref="InvalidDataException">It is no such package, or goes beyond the bounds; the message says what to do.</exception>
    public static List<PackageFile> Read(Stream package)
    {
        // A zip file is read from its end, so it must be whole; its size is bounded.
        var whole = new MemoryStream();
        Copy(package, whole, MostBytes, $"The package has more than {MostBytes >> 20} MiB.");
        var bytes = whole.GetBuffer().AsSpan(0, (int)whole.Length);
        whole.Position = 0;
        try
        {
            if (bytes.StartsWith("PK"u8)) return Chosen(Zip(whole));
            if (bytes is [0x1f, 0x8b, ..]) return Chosen(Tar(whole));
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"The package is damaged: {e.Message} Fetch it again.", e);
        }

        throw new InvalidDataException("The package is neither a zip nor a tar.gz file. Give a release as it was published, or a folder packed so.");
    }

    /// <summary>The rule files below a folder, or a file: a package or a rule.</summary>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It goes beyond the bounds.</exception>
    public static List<PackageFile> Read(string path)
    {
        if (File.Exists(path))
        {
            if (IsYaml(path)) return [new(Path.GetFileName(path), File.ReadAllText(path))];
            using var file = File.OpenRead(path);
            return Read(file);
        }

        if (!Directory.Exists(path)) throw new FileNotFoundException($"There is no file or folder '{path}'.");
        return Chosen(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsYaml).Select(file =>
        {
            using var stream = File.OpenRead(file);
            return (Path.GetRelativePath(path, file).Replace('\\', '/'), Text(stream));
        }));
    }

    private static IEnumerable<(string Path, string? Text)> Zip(Stream package)
    {
        using var zip = new ZipArchive(package, ZipArchiveMode.Read);
        if (zip.Entries.Count > MostEntries) throw TooMany();
        foreach (var entry in zip.Entries.Where(entry => IsYaml(entry.FullName)))
        {
            using var stream = entry.Open();
            yield return (entry.FullName, Text(stream));
        }
    }

    private static IEnumerable<(string Path, string? Text)> Tar(Stream package)
    {
        using var plain = new GZipStream(package, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        for (var entries = 0; tar.GetNextEntry() is { } entry; entries++)
        {
            if (entries == MostEntries) throw TooMany();
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.DataStream is { } stream && IsYaml(entry.Name))
                yield return (entry.Name, Text(stream));
        }
    }

    // Null for a file that is too large for a rule: it is told of and not read.
    private static string? Text(Stream stream)
    {
        var most = RuleText.Longest * 2;
        using var copy = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (copy.Length + read > most) return null;
            copy.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(copy.GetBuffer(), 0, (int)copy.Length).TrimStart('\uFEFF');
    }

    private static List<PackageFile> Chosen(IEnumerable<(string Path, string? Text)> files)
    {
        var all = new List<PackageFile>();
        var unpacked = 0L;
        foreach (var (path, text) in files)
        {
            if (Array.Exists(path.Split('/')[..^1], folder => LeftOut.Contains(folder, StringComparer.OrdinalIgnoreCase) && !IsRuleFolderBefore(path, folder))) continue;
            all.Add(new(path, text ?? new string(' ', RuleText.Longest + 1)));
            unpacked += text?.Length ?? 0;
            if (all.Count > MostFiles) throw TooMany();
            if (unpacked > MostUnpacked) throw new InvalidDataException($"The package unpacks to more than {MostUnpacked >> 20} MiB, which no release of rules does.");
        }

        return [.. all.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    // rules-compliance/other holds rules; other/ beside rules/ does not.
    private static bool IsRuleFolderBefore(string path, string folder)
    {
        var folders = path.Split('/');
        var at = Array.IndexOf(folders, folder);
        return folders.Take(at).Any(each => each.StartsWith("rules", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsYaml(string path) =>
        path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase);

    private static InvalidDataException TooMany() => new($"The package holds more than {MostFiles} rule files or {MostEntries} entries.");

    private static void Copy(Stream from, Stream to, long most, string otherwise)
    {
        var buffer = new byte[81_920];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            if (to.Length + read > most) throw new InvalidDataException(otherwise);
            to.Write(buffer, 0, read);
        }
    }
}
