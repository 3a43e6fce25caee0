namespace Watchhouse.Sigma;

/// <summary>
/// A processing pipeline as pySigma writes it in YAML (pySigma documentation, "Processing Pipelines"): renames fields,
/// changes values and log sources, and adds or drops parts of rules, before rules are compiled. Only the stage that works
/// on rules applies here; what changes queries is not for an engine that has none.
/// </summary>
public sealed class SigmaPipeline
{
    internal SigmaPipeline(
        string name,
        int priority,
        string file,
        IReadOnlyDictionary<string, IReadOnlyList<string>> variables,
        IReadOnlyList<PipelineItem> items,
        IReadOnlyList<string> notes)
    {
        Name = name;
        Priority = priority;
        File = file;
        Variables = variables;
        Items = items;
        Notes = notes;
    }

    /// <summary>Its name, or that of its file.</summary>
    public string Name { get; }

    /// <summary>Pipelines with lower numbers come first.</summary>
    public int Priority { get; }

    /// <summary>File it was read from.</summary>
    public string File { get; }

    /// <summary>What of the file has no effect, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; }

    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Variables { get; }

    internal IReadOnlyList<PipelineItem> Items { get; }

    /// <summary>Reads a pipeline.</summary>
    /// <exception cref="FormatException">
    /// The text is no pipeline, or asks for something that this engine cannot do; the message names file and line.
    /// Nothing of a pipeline is ignored but postprocessing and finalizers, which <see cref="Notes"/> tells.
    /// </exception>
    public static SigmaPipeline Read(string text, string file) => PipelineReader.Read(text, file);

    /// <summary>The pipelines by priority; those of equal priority in the order given.</summary>
    public static IReadOnlyList<SigmaPipeline> InOrder(IEnumerable<SigmaPipeline> pipelines) => [.. pipelines.OrderBy(pipeline => pipeline.Priority)];

    internal RuleReport Report() => new(File, 1, null, Name, RuleState.Applied, Notes.Count == 0 ? null : string.Join(" ", Notes));
}
