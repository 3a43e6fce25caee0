using Watchhouse.Sigma;

namespace Watchhouse.Commands.Detect;

/// <summary>How matches are printed.</summary>
internal enum DetectFormat
{
    /// <summary>A line a match, for people.</summary>
    Table,

    /// <summary>A JSON object a line.</summary>
    Json,
}

/// <summary>What <c>watchhouse detect</c> was asked to do.</summary>
internal sealed record DetectOptions
{
    public required IReadOnlyList<string> Rules { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public DetectFormat Format { get; init; }

    public SigmaLevel Level { get; init; }

    public SigmaLevel? FailOn { get; init; }

    public int Threads { get; init; } = 1;

    public bool Labelled { get; init; }

    public bool NoRules { get; init; }

    public string? Stats { get; init; }

    public IReadOnlyList<string> Mappings { get; init; } = [];

    public string? Values { get; init; }

    public IReadOnlyList<string> Pipelines { get; init; } = [];
}
