using System.Text;
using CsCheck;

namespace Watchhouse.Ledger.Tests;

public sealed class NoteTests
{
    /// <summary>The example of c2sp.org/tlog-checkpoint.</summary>
    private const string Example =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
        "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

    [Fact]
    public void Parse_ExampleOfTheSpecification_GivesItsParts()
    {
        var signed = SignedCheckpoint.Parse(Encoding.UTF8.GetBytes(Example));
        Assert.Equal("example.com/behind-the-sofa", signed.Checkpoint.Origin);
        Assert.Equal(20852163, signed.Checkpoint.TreeSize);
        Assert.Equal(0x033de0aeu, Assert.Single(signed.Note.Signatures).KeyId);
        Assert.Equal(Example, signed.Note.ToString());
        Assert.Equal(signed.Note.Text, signed.Checkpoint.ToText());
    }

    [Fact]
    public void Verify_NoteOfTheGoImplementation_IsAccepted()
    {
        // The example of golang.org/x/mod/sumdb/note.
        var key = VerifierKey.Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes(
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
            "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"));
        Assert.Equal(key, note.Verify([key]));
        Assert.Equal("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\n0\n")]
    [InlineData("a\n\n\u2014 k AAAAAAA=")]
    [InlineData("a\n\n\n")]
    [InlineData("a\n\n\u2014 k\n")]
    [InlineData("a\n\n\u2014 k+b AAAAAAA=\n")]
    [InlineData("a\n\n\u2014  AAAAAAA=\n")]
    [InlineData("a\n\n\u2014 k AAAA\n")]
    [InlineData("a\n\n\u2014 k AAAAAAB=\n")]
    [InlineData("a\n\n\u2014 k AAAA AAA=\n")]
    [InlineData("a\n\n- k AAAAAAA=\n")]
    [InlineData("a\tb\n\n\u2014 k AAAAAAA=\n")]
    public void Parse_MalformedNote_IsRefused(string text) =>
        Assert.Throws<NoteFormatException>(() => SignedNote.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("o\n1\n")]
    [InlineData("o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n99999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n")]
    [InlineData("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hS\n")]
    [InlineData("\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nx\n")]
    [InlineData("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    public void ParseText_MalformedCheckpoint_IsRefused(string text) =>
        Assert.Throws<NoteFormatException>(() => Checkpoint.ParseText(text));

    [Fact]
    public void ParseText_ExtensionLines_AreKept()
    {
        const string text = "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\nlines\n";
        var checkpoint = Checkpoint.ParseText(text);
        Assert.Equal(["more", "lines"], checkpoint.Extensions);
        Assert.Equal(text, checkpoint.ToText());
    }

    [Fact]
    public void Parse_AnyBytes_GivesTheSameNoteBackOrRefuses() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Mutations()).Sample(bytes =>
        {
            try
            {
                return SignedNote.Parse(bytes).ToBytes().AsSpan().SequenceEqual(bytes);
            }
            catch (NoteFormatException)
            {
                return true;
            }
        }, iter: 20_000);

    [Fact]
    public void Verify_AnyByteChanged_IsRefused()
    {
        using var scratch = new Scratch();
        using var key = SigningKey.LoadOrCreate(scratch.Key, Scratch.Origin);
        var good = SignedNote.Sign("text\nof a note\n", key).ToBytes();
        Assert.Equal(key.Verifier, SignedNote.Parse(good).Verify([key.Verifier]));
        for (var i = 0; i < good.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var bad = good.ToArray();
                bad[i] ^= (byte)(1 << bit);
                Assert.ThrowsAny<Exception>(() => SignedNote.Parse(bad).Verify([key.Verifier]));
            }
        }
    }

    [Fact]
    public void Verify_SeveralKeys_AcceptsTheOneThatSigned()
    {
        using var scratch = new Scratch();
        using var old = SigningKey.LoadOrCreate(scratch.In("old"), Scratch.Origin);
        using var present = SigningKey.LoadOrCreate(scratch.In("new"), Scratch.Origin);
        var note = SignedNote.Sign("x\n", old);
        Assert.Equal(old.Verifier, note.Verify([present.Verifier, old.Verifier]));
        Assert.Throws<NoteSignatureException>(() => note.Verify([present.Verifier]));
        Assert.Throws<NoteSignatureException>(() => note.Verify([]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    public void VerifierKeyParse_Malformed_IsRefused(string text) =>
        Assert.Throws<NoteFormatException>(() => VerifierKey.Parse(text));

    [Fact]
    public void LoadOrCreate_NewKey_IsForItsOwnerOnlyAndComesBack()
    {
        using var scratch = new Scratch();
        using var first = SigningKey.LoadOrCreate(scratch.Key, Scratch.Origin);
        using var second = SigningKey.LoadOrCreate(scratch.Key, Scratch.Origin);
        Assert.Equal(first.Verifier, second.Verifier);
        Assert.Equal(first.Verifier, VerifierKey.Parse(first.Verifier.ToString()));
        Assert.Throws<NoteFormatException>(() => SigningKey.LoadOrCreate(scratch.Key, "other.example.org"));
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch.Key));
        File.SetUnixFileMode(scratch.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Throws<UnauthorizedAccessException>(() => SigningKey.Load(scratch.Key));
    }

    [Fact]
    public void Load_DamagedKey_IsRefusedWithoutQuotingIt()
    {
        using var scratch = new Scratch();
        SigningKey.LoadOrCreate(scratch.Key, Scratch.Origin).Dispose();
        var text = File.ReadAllText(scratch.Key);
        var seed = text.Split('+', 5)[4].TrimEnd();
        string[] damaged = ["", text[..20], text.Replace(seed, seed[..^9], StringComparison.Ordinal), text.Replace(seed[20], '!')];
        foreach (var bad in damaged)
        {
            File.WriteAllText(scratch.Key, bad);
            var e = Assert.Throws<NoteFormatException>(() => SigningKey.Load(scratch.Key));
            Assert.DoesNotContain(seed[10..30], e.Message, StringComparison.Ordinal);
        }
    }

    private static Gen<byte[]> Mutations() => Gen.Select(Gen.Int[0, 200], Gen.Byte, Gen.Int[0, 2]).Select((at, value, how) =>
    {
        var bytes = Encoding.UTF8.GetBytes(Example).ToList();
        at %= bytes.Count;
        if (how == 0)
            bytes[at] = value;
        else if (how == 1)
            bytes.Insert(at, value);
        else
            bytes.RemoveAt(at);
        return bytes.ToArray();
    });
}
