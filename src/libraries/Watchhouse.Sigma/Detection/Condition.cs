namespace Watchhouse.Sigma;

/// <summary>A compiled condition.</summary>
internal abstract class Condition
{
    public abstract bool Evaluate(DetectionSession session);
}

/// <summary>A test whose answer for the current event is remembered: rules share it.</summary>
internal sealed class Predicate(int id, int fieldNumber, string? fieldName, Matcher matcher) : Condition
{
    public int Id => id;

    public int Field => fieldNumber;

    public string? FieldName => fieldName;

    public Matcher Matcher => matcher;

    public override bool Evaluate(DetectionSession session)
    {
        ref var answer = ref session.Answer(id);
        if (answer.Event != session.Event)
        {
            answer.Event = session.Event;
            answer.Holds = matcher.Evaluate(session, fieldNumber);
        }

        return answer.Holds;
    }
}

/// <summary>All operands hold; the one that is most likely to fail for its price comes first.</summary>
internal sealed class AllCondition(Condition[] operands) : Condition
{
    public Condition[] Operands => operands;

    public override bool Evaluate(DetectionSession session)
    {
        foreach (var operand in operands)
        {
            if (!operand.Evaluate(session)) return false;
        }

        return true;
    }
}

/// <summary>At least one operand holds.</summary>
internal sealed class AnyCondition(Condition[] operands) : Condition
{
    public Condition[] Operands => operands;

    public override bool Evaluate(DetectionSession session)
    {
        foreach (var operand in operands)
        {
            if (operand.Evaluate(session)) return true;
        }

        return false;
    }
}

/// <summary>The operand does not hold.</summary>
internal sealed class NotCondition(Condition operand) : Condition
{
    public Condition Operand => operand;

    public override bool Evaluate(DetectionSession session) => !operand.Evaluate(session);
}
