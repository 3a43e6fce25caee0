namespace Watchhouse.Sigma;

/// <summary>
/// Reads Sigma rules, correlations and filters. A document that cannot be used gets a report with file, line and reason,
/// and the rest loads. Results do not depend on the number of threads.
/// </summary>
public static class SigmaLoader
{
    /// <summary>Reads files, and directories with everything ending in .yml or .yaml below them.</summary>
    /// <exception cref="IOException">A path does not exist or cannot be read.</exception>
    public static SigmaRuleSet Load(IEnumerable<string> paths, SigmaLoadOptions? options = null)
    {
        options ??= new();
        var files = paths.SelectMany(Files).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var parsed = new ParsedDocument[files.Length][];
        Parallel.For(0, files.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, index => parsed[index] = ReadFile(files[index], options));
        return RuleLinker.Link(parsed.SelectMany(each => each), options);
    }

    /// <summary>Reads the documents of one text.</summary>
    /// <param name="text">YAML; JSON is YAML too.</param>
    /// <param name="file">Name to report.</param>
    /// <param name="options">How to read.</param>
    public static SigmaRuleSet Parse(string text, string file, SigmaLoadOptions? options = null) => Parse([(text, file)], options);

    /// <summary>Reads the documents of several texts, which may refer to each other.</summary>
    public static SigmaRuleSet Parse(IEnumerable<(string Text, string File)> texts, SigmaLoadOptions? options = null) =>
        RuleLinker.Link(texts.SelectMany(each => ParseText(each.Text, each.File, options ?? new())), options ?? new());

    private static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new FileNotFoundException($"There is no rule file or directory '{path}'.");
        return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase));
    }

    private static ParsedDocument[] ReadFile(string file, SigmaLoadOptions options)
    {
        try
        {
            var length = new FileInfo(file).Length;
            if (length > options.FileBytes) return [Unreadable(file, $"The file has {length} bytes; the limit is {options.FileBytes}.")];
            return ParseText(File.ReadAllText(file), file, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [Unreadable(file, e.Message)];
        }
    }

    private static ParsedDocument[] ParseText(string text, string file, SigmaLoadOptions options) =>
        [.. RuleCollection.Merge(YamlReader.Read(text)).Select(yaml => DocumentParser.Parse(yaml, file, options))];

    private static ParsedDocument Unreadable(string file, string reason) =>
        new(new(file, 1, null, null, RuleState.Rejected, reason), null, null);
}
