using System.Text;
using CsCheck;

namespace Watchhouse.Sigma.Tests;

/// <summary>The short way of reading YAML gives what the whole reader gives, or nothing.</summary>
public sealed class PlainYamlTests
{
    private static readonly string[] Pieces =
    [
        ":", ": ", "- ", "-", "\n", " ", "  ", "---\n", "...", "&a ", "*a", "{", "}", "[", "]", "|\n", "|-\n", ">\n", "'", "''", "\"", "#", " #", "? ", "!x ", "%", "\n    ", "\n  - ", "\n\n", "key: ", "'key': ",
        "~", ",", "@", "`", "\\", "é", "a b", "\n        x",
    ];

    private static string Show(YamlNode? node) => node switch
    {
        YamlScalar scalar => $"{scalar.Line}:{(scalar.IsPlain ? "p" : "q")}'{scalar.Value}'",
        YamlList list => $"{list.Line}:[{string.Join(",", list.Items.Select(Show))}]",
        YamlMap map => $"{map.Line}:{{{string.Join(",", map.Entries.Select(entry => $"'{entry.Key}'={Show(entry.Value)}"))}}}",
        _ => "null",
    };

    private static string Show(YamlDocument document) => $"{document.Line} {document.Error} {Show(document.Root)} <{document.Text}>";

    private static bool Agrees(string text)
    {
        if (PlainYaml.TryRead(text) is not { } quick) return true;
        var whole = YamlReader.ReadWhole(text);
        Assert.Equal(string.Join("\n", whole.Select(Show)), Show(quick));
        return true;
    }

    [Fact]
    public void TryRead_PublishedRules_SameAsTheWholeReaderAndNearlyAlwaysTaken()
    {
        var files = SigmaHq.Files("rules", "unsupported/", "deprecated/").Select(file => file.Text).ToList();

        Assert.All(files, text => Agrees(text));
        Assert.True(files.Count(text => PlainYaml.TryRead(text) is not null) > files.Count * 0.9, $"{files.Count(text => PlainYaml.TryRead(text) is not null)} of {files.Count}");
    }

    [Theory]
    [InlineData("a: 1\nb:\n  - x\n  - y: 'it''s' # said\n    z:\nc:\n- p\n- q\n")]
    [InlineData("# first\n\na: |\n    one\n      two\n\n    three\n\n\nb: |-\n  x\n\nc: end")]
    [InlineData("a:\n  b:\n    c: d: e\n")]
    [InlineData("a: x\n  y\n")]
    [InlineData("a:\n- b:\n    c: 1\n  d: 2\n-\n  e\n")]
    [InlineData("a: 'x' y\n")]
    [InlineData("a: http://x#y#z #c\n'|all': [x]\n")]
    [InlineData("a:b\n")]
    [InlineData("a : b\n")]
    [InlineData("a: b\n a: c\n")]
    [InlineData("a: |\n\n  x\n")]
    [InlineData("a: |\n  x\n y\nb: c\n")]
    [InlineData("- a\n")]
    [InlineData("")]
    public void TryRead_Corners_SameAsTheWholeReader(string text) => Assert.True(Agrees(text));

    [Fact]
    public void TryRead_MutatedRules_SameAsTheWholeReader()
    {
        var rules = SigmaHq.Files("rules/").Select(each => each.Text).Where(text => text.Length < 3_000).ToArray();
        Gen.Select(Gen.Int[0, rules.Length - 1], Gen.Select(Gen.Int[0, 3_000], Gen.Int[0, 6], Gen.Int[0, Pieces.Length - 1]).Array[1, 4]).Sample(
            (at, edits) =>
            {
                var text = new StringBuilder(rules[at]);
                foreach (var (place, length, piece) in edits)
                {
                    var start = place % text.Length;
                    text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, Pieces[piece]);
                }

                return Agrees(text.ToString());
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("k: v\n'key': \n        x][- *a'key': é\\ #é? ")]
    [InlineData("k: v\nkey:\n  x]: y\n")]
    [InlineData("k: v\nkey:\n  x'y': z #\n")]
    public void TryRead_OddKey_SameAsTheWholeReader(string text) => Assert.True(Agrees(text));

    [Fact]
    public void TryRead_RandomPieces_SameAsTheWholeReader() =>
        Gen.Int[0, Pieces.Length - 1].Array[1, 12].Sample(pieces => Agrees("k: v\n" + string.Concat(pieces.Select(piece => Pieces[piece]))), iter: 100_000);
}
