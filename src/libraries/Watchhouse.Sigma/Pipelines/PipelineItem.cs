using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>A condition of a pipeline: on the rule, on a detection item, or on a field's name.</summary>
internal delegate bool PipelineTest(PipelineContext context, PartItem? item, string? field);

/// <summary>What an item of a pipeline does to a rule that meets its conditions.</summary>
internal delegate void PipelineAction(PipelineContext context, PipelineItem item);

/// <summary>One transformation with its conditions.</summary>
internal sealed class PipelineItem(string? id, string origin, PipelineTest rule, PipelineTest detection, PipelineTest fieldName, PipelineAction action)
{
    /// <summary>File and line, for messages.</summary>
    public string Origin => origin;

    public void Run(PipelineContext context)
    {
        if (!rule(context, null, null)) return;
        action(context, this);
        if (id is not null) context.Applied.Add(id);
    }

    public bool Fits(PipelineContext context, PartItem part) => detection(context, part, part.Field) && fieldName(context, part, part.Field);

    public bool FitsField(PipelineContext context, string field) => fieldName(context, null, field);

    /// <summary>Changes the items that meet the conditions; null drops one.</summary>
    public void ChangeItems(PipelineContext context, Func<PartItem, RulePart?> change)
    {
        context.Draft?.Change(part =>
        {
            if (!Fits(context, part)) return part;
            var changed = change(part);
            return changed is null || id is null || ReferenceEquals(changed, part) ? changed : Mark(changed);
        });
    }

    /// <summary>Changes values; each becomes one or several alternatives.</summary>
    public void ChangeValues(PipelineContext context, Func<PartItem, SigmaMatch, ImmutableArray<SigmaMatch>> change) => ChangeItems(context, part =>
    {
        var changed = part.Values.Select(value => value.SelectMany(match => change(part, match)).ToImmutableArray()).ToImmutableArray();
        return changed.Zip(part.Values).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan())) ? part : part with { Values = changed };
    });

    private RulePart Mark(RulePart part) => part switch
    {
        PartItem item => item with { Applied = item.Applied.Add(id!) },
        PartGroup group => group with { Parts = [.. group.Parts.Select(Mark)] },
        _ => part,
    };
}
