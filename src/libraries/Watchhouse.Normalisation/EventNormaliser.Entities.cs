using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>Templates: what columns are composed of, and entities.</summary>
public sealed partial class EventNormaliser
{
    private void AddEntities(NormalisedEvent result)
    {
        foreach (var plan in _plan.Entities)
        {
            var start = result.Entities.Length;
            foreach (var template in plan.Templates)
            {
                if (template.IsReference && template.Parts[0] is { } part)
                {
                    AddAll(result, plan, Start(part), part.Inside);
                }
                else
                {
                    _scratch.Clear();
                    if (TryResolve(template, _scratch)) EntityCollector.Add(result, plan.Kind, plan.Role, _scratch.Written);
                }

                if (result.Entities.Length > start) break;
            }
        }
    }

    private void AddAll(NormalisedEvent result, EntityPlan plan, int at, ReadOnlySpan<byte[]?> inside)
    {
        if (at == 0) return;
        ref readonly var node = ref _record[at];
        if (inside.Length == 0)
        {
            if (node.Kind is not (EventNodeKind.Text or EventNodeKind.Number)) return;
            var value = _nodes.PlainValue(node);
            if (!IsNothing(value)) EntityCollector.Add(result, plan.Kind, plan.Role, value);
        }
        else if (inside[0] is { } name)
        {
            if (node.Kind == EventNodeKind.Mapping) AddAll(result, plan, Math.Max(0, _record.FindIn(at, name)), inside[1..]);
        }
        else if (node.Kind == EventNodeKind.Sequence)
        {
            for (var item = at + 1; item < _record[at].End; item = _record[item].End) AddAll(result, plan, item, inside[1..]);
        }
    }

    private int Start(TemplatePart part) => part.Column >= 0 ? _taken[part.Column] : _slots[part.Slot];

    // All references must lead to something, or the template gives nothing.
    private bool TryResolve(Template template, JsonBuffer to)
    {
        var length = to.Length;
        foreach (var part in template.Parts)
        {
            if (part.IsLiteral) to.Add(part.Literal);
            else if (!TryResolve(part, to))
            {
                to.Truncate(length);
                return false;
            }
        }

        return to.Length > length;
    }

    private bool TryResolve(TemplatePart part, JsonBuffer to)
    {
        var at = Start(part);
        foreach (var name in part.Inside)
        {
            if (at == 0) return false;
            // Of a list the first will do where one text is wanted.
            if (name is null) at = _record[at].Kind == EventNodeKind.Sequence && _record[at].End > at + 1 ? at + 1 : 0;
            else at = _record[at].Kind == EventNodeKind.Mapping ? Math.Max(0, _record.FindIn(at, name)) : 0;
        }

        if (at == 0 || _record[at].IsContainer || _record[at].Kind == EventNodeKind.Null) return false;
        var value = _nodes.PlainValue(_record[at]);
        if (IsNothing(value)) return false;
        switch (part.Filter)
        {
            case TemplateFilter.Leaf: to.Add(value[(value.LastIndexOfAny((byte)'\\', (byte)'/') + 1)..]); break;
            case TemplateFilter.AccountType: to.Add(value[^1] == (byte)'$' ? "Machine"u8 : "User"u8); break;
            default: to.Add(value); break;
        }

        return true;
    }

    // What Windows and web servers write where there is nothing to write.
    private static bool IsNothing(ReadOnlySpan<byte> value) => value.IsEmpty || value.SequenceEqual("-"u8);
}
