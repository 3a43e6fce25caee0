using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Watchhouse.Sigma;

/// <summary>A test of one field, compiled. Evaluated at most once an event; the answer is remembered.</summary>
internal abstract class Matcher
{
    /// <summary>What evaluation costs, in units of a short comparison; cheap tests are asked first.</summary>
    public virtual double Cost => 1;

    /// <summary>For people: what is tested.</summary>
    public abstract string Describe();

    public abstract bool Evaluate(DetectionSession session, int field);
}

/// <summary>Any of the patterns fits any value, folded.</summary>
internal sealed class TextSetMatcher : Matcher
{
    private readonly LiteralIndex? _literals;
    private readonly BytePattern[] _patterns;
    private readonly int _count;

    public TextSetMatcher(IReadOnlyList<SigmaPattern> patterns)
    {
        _count = patterns.Count;
        var compiled = patterns.Select(pattern => BytePattern.Compile(pattern, cased: false)).ToArray();
        // Below this a plain loop is quicker than the index's fixed cost.
        if (compiled.Length < 6)
        {
            _patterns = compiled;
            return;
        }

        _patterns = [.. compiled.Where(pattern => pattern.Shape >= PatternShape.Everything)];
        _literals = new([.. compiled.Where(pattern => pattern.Shape < PatternShape.Everything).Select(each => Literal.Of(each.Shape, each.Literal, 0))]);
    }

    public override double Cost => 1 + (_patterns.Length * 0.5) + (_literals is null ? 0 : 2);

    public override string Describe() => _count == 1 ? "one pattern" : $"any of {_count} patterns";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            var text = session.Folded(leaf);
            var sink = default(AnyHit);
            if (_literals is not null && _literals.Scan(text, ref sink)) return true;
            foreach (var pattern in _patterns)
            {
                if (pattern.Matches(text)) return true;
            }
        }

        return false;
    }

    private struct AnyHit : ILiteralSink
    {
        public readonly bool Hit(int payload) => true;
    }
}

/// <summary>The pattern fits any value, case-sensitively.</summary>
internal sealed class CasedMatcher(SigmaPattern pattern) : Matcher
{
    private readonly BytePattern _pattern = BytePattern.Compile(pattern, cased: true);

    public override string Describe() => $"'{pattern}', case-sensitively";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            if (_pattern.Matches(session.Text(leaf))) return true;
        }

        return false;
    }
}

/// <summary>Any value is the number, as a number or as its text.</summary>
internal sealed class NumberMatcher(NumberMatch match) : Matcher
{
    private readonly byte[] _text = TextFold.Fold(match.Text);

    public override string Describe() => $"the number {match.Text}";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            if (session.Folded(leaf).SequenceEqual(_text)) return true;
            if (session.IsNumber(leaf) && Numbers.TryParse(session.Text(leaf), out var number) && number == match.Number) return true;
        }

        return false;
    }
}

/// <summary>Any value fits the expression somewhere.</summary>
internal sealed class RegexMatcher(RegexMatch match) : Matcher
{
    // Built when first asked for: most are never reached. What the own engine does not read the framework's takes over,
    // which is as linear, and slower to warm up.
    private readonly Lazy<LinearRegex?> _linear = new(() => LinearRegex.TryCompile(match));
    private readonly Lazy<Regex> _regex = new(() => SigmaRegex.Compile(match));

    public override double Cost => 30;

    public override string Describe() => $"the expression {match.Expression}";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            if (_linear.Value is { } linear ? linear.IsMatch(session.Text(leaf)) : _regex.Value.IsMatch(session.Characters(leaf))) return true;
        }

        return false;
    }
}

/// <summary>Any value is an address in the network.</summary>
internal sealed class NetworkMatcher : Matcher
{
    private readonly IPNetwork _network;
    private readonly UInt128 _prefix;
    private readonly UInt128 _mask;

    public NetworkMatcher(IPNetwork network)
    {
        _network = network;
        var free = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 - network.PrefixLength : 128 - network.PrefixLength;
        _mask = free == 128 ? 0 : UInt128.MaxValue << free;
        _prefix = AddressText.Of(network.BaseAddress) & _mask;
    }

    public override double Cost => 3;

    public override string Describe() => $"an address in {_network}";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            if (AddressText.TryParse(session.Text(leaf), out var address) && (address & _mask) == _prefix) return true;
        }

        return false;
    }
}

/// <summary>Any value is a number that compares so.</summary>
internal sealed class CompareMatcher(CompareMatch match) : Matcher
{
    public override string Describe() => $"{match.Comparison} {match.Number.ToString(CultureInfo.InvariantCulture)}";

    public override bool Evaluate(DetectionSession session, int field)
    {
        var view = session.Field(field);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            if (!Numbers.TryParse(session.Text(leaf), out var number)) continue;
            var holds = match.Comparison switch
            {
                NumberComparison.Greater => number > match.Number,
                NumberComparison.GreaterOrEqual => number >= match.Number,
                NumberComparison.Less => number < match.Number,
                _ => number <= match.Number,
            };
            if (holds) return true;
        }

        return false;
    }
}

/// <summary>Numbers as JSON and people write them; the whole text must be one.</summary>
internal static class Numbers
{
    public static bool TryParse(ReadOnlySpan<byte> text, out double number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && double.IsFinite(number);
}
