using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>The field is absent, or one of its values is null.</summary>
internal sealed class NullMatcher : Matcher
{
    public override string Describe() => "absent or null";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        return !view.IsPresent || view.HasNull;
    }
}

/// <summary>The field is present, or is not.</summary>
internal sealed class ExistsMatcher(bool expected) : Matcher
{
    public override string Describe() => expected ? "present" : "absent";

    public override bool Evaluate(DetectionSession session, int field) => session.Field(field).IsPresent == expected;
}

/// <summary>Any value compares so with any value of another field.</summary>
internal sealed class FieldReferenceMatcher(int other, FieldMatch match) : Matcher
{
    public override double Cost => 2;

    public override string Describe() => $"{match.Comparison} the field {match.OtherField}";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var (mine, theirs) = (session.Field(field), session.Field(other));
        for (var left = mine.Start; left < mine.End; left++)
        {
            for (var right = theirs.Start; right < theirs.End; right++)
            {
                var text = match.Cased ? session.Text(left) : session.Folded(left);
                var part = match.Cased ? session.SecondText(right) : session.Folded(right);
                var holds = match.Comparison switch
                {
                    FieldComparison.StartsWith => text.StartsWith(part),
                    FieldComparison.EndsWith => text.EndsWith(part),
                    FieldComparison.Contains => text.IndexOf(part) >= 0,
                    _ => text.SequenceEqual(part),
                };
                if (holds) return true;
            }
        }

        return false;
    }
}

/// <summary>Any value is a timestamp with this part.</summary>
internal sealed class TimePartMatcher(TimePartMatch match) : Matcher
{
    public override double Cost => 5;

    public override string Describe() => $"{match.Part} {match.Number}";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            if (Part(session.Characters(leaf)) == match.Number) return true;
        }

        return false;
    }

    // The part is taken as it is written: the modifiers do not convert time zones (Sigma modifiers 2.1, "Time Modifiers").
    private int? Part(ReadOnlySpan<char> text)
    {
        if (text.Length is < 8 or > 64
            || !DateTimeOffset.TryParse(Shorten(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return null;
        return match.Part switch
        {
            TimePart.Minute => time.Minute,
            TimePart.Hour => time.Hour,
            TimePart.Day => time.Day,
            TimePart.Week => ISOWeek.GetWeekOfYear(time.DateTime),
            TimePart.Month => time.Month,
            _ => time.Year,
        };
    }

    // .NET reads seven digits of a second; Windows event files carry nine.
    private static string Shorten(ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        var end = point + 1;
        while (point > 0 && end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return point > 0 && end - point > 8 ? string.Concat(text[..(point + 8)], text[end..]) : text.ToString();
    }
}
