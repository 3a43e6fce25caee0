using System.CommandLine;

namespace Watchhouse.Commands.Rules;

/// <summary>Options that every command on rules has.</summary>
internal sealed class RuleOptions
{
    public Option<string[]> Mapping { get; } = new("--mapping", "--mappings")
    {
        Description = "More tables of log sources, as YAML. May be given again.",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Values { get; } = new("--values") { Description = "Value lists for |expand: YAML of name to list." };

    public Option<string[]> Pipeline { get; } = new("--pipeline")
    {
        Description = "A pySigma processing pipeline (YAML) to apply to the rules. May be given again; priority decides the order.",
    };

    public RuleInput Input(ParseResult parsed, IReadOnlyList<string> paths) => new()
    {
        Paths = paths,
        Mappings = parsed.GetValue(Mapping) ?? [],
        Values = parsed.GetValue(Values),
        Pipelines = parsed.GetValue(Pipeline) ?? [],
    };

    public static Option<string> Format()
    {
        var format = new Option<string>("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        return format;
    }
}
