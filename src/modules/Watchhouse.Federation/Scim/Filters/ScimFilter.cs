using System.Globalization;
using System.Text;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Filters;

/// <summary>The comparison operators of RFC 7644, table 3, without 'pr'.</summary>
internal enum ScimOperator
{
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

/// <summary>A value in a filter: text, number, truth value, or null.</summary>
internal sealed record ScimLiteral(object? Value)
{
    public override string ToString() => Value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        decimal d => d.ToString(CultureInfo.InvariantCulture),
        _ => Quote((string)Value),
    };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c < ' ') quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}

/// <summary>A filter as RFC 7644 section 3.4.2.2 defines it. Its text is again such a filter.</summary>
internal abstract record ScimFilter
{
    private protected abstract int Binding { get; }

    private protected string Within(int binding) => Binding < binding ? $"({this})" : ToString();

    internal sealed record Or(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        private protected override int Binding => 1;

        public override string ToString() => $"{Left.Within(1)} or {Right.Within(2)}";
    }

    internal sealed record And(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        private protected override int Binding => 2;

        public override string ToString() => $"{Left.Within(2)} and {Right.Within(3)}";
    }

    internal sealed record Not(ScimFilter Inner) : ScimFilter
    {
        private protected override int Binding => 3;

        public override string ToString() => $"not ({Inner})";
    }

    /// <summary><c>title pr</c></summary>
    internal sealed record Present(ScimPath Path) : ScimFilter
    {
        private protected override int Binding => 3;

        public override string ToString() => $"{Path} pr";
    }

    /// <summary><c>emails[type eq "work"]</c>: some value of it fits.</summary>
    internal sealed record Some(ScimPath Path) : ScimFilter
    {
        private protected override int Binding => 3;

        public override string ToString() => Path.ToString();
    }

    /// <summary><c>userName eq "a@b.example"</c></summary>
    internal sealed record Compare(ScimPath Path, ScimOperator Operator, ScimLiteral Literal) : ScimFilter
    {
        private protected override int Binding => 3;

#pragma warning disable CA1308 // The operators are written small in RFC 7644.
        public override string ToString() => $"{Path} {Operator.ToString().ToLowerInvariant()} {Literal}";
#pragma warning restore CA1308
    }
}
