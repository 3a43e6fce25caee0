using System.Text;
using CsCheck;

namespace Watchhouse.Telemetry.Tests;

/// <summary>Whatever comes in, nothing is thrown, nothing hangs, and no line goes missing.</summary>
public sealed class FuzzTests
{
    private static readonly (EventFormat Format, string Text)[] Samples =
    [
        (EventFormat.JsonLines, "{\"a\":1,\"winlog\":{\"channel\":\"x\",\"event_data\":{\"b\":\"c\"}}}\n{\"TimeGenerated\":\"x\",\"d\":\"{\\\"e\\\":[1,2]}\"}\n{\"records\":[{\"a\":1}]}\n"),
        (EventFormat.Json, "[{\"a\":1},{\"b\":[{}]}]\n"),
        (EventFormat.Xml, "<Events><Event xmlns='u'><System><EventID>1</EventID></System><EventData><Data Name='a'>b</Data></EventData></Event></Events>\n"),
        (EventFormat.Csv, "a,b,c\n1,\"x\"\"y\",{\"k\":1}\n\"two\nlines\",2,3\n"),
        (EventFormat.W3c, "#Fields: date time cs-method cs(User-Agent)\n2024-05-01 10:00:00 GET a+b\n"),
        (EventFormat.Zeek, "#separator \\x09\n#set_separator\t,\n#path\tx\n#fields\ta\tb\n#types\tstring\tset[string]\n1\t\\x41,b\n"),
        (EventFormat.Syslog, "<34>1 2003-10-11T22:14:15.003Z h a 1 m [i k=\"v\\\"\"] \uFEFFtext\nOct 11 22:14:15 h sudo[1]: a : USER=root ; COMMAND=x\n<13>{\"a\":1}\n"),
        (EventFormat.SyslogFramed, "19 <13>1 - h a - - - x19 <13>1 - h a - - - y\n"),
        (EventFormat.Cef, "CEF:0|a|b\\|c|d|e|f|5|cs1Label=x y cs1=z src=1 msg=a\\=b\n"),
        (EventFormat.Leef, "LEEF:2.0|a|b|c|d|^|src=1^devTime=x\nLEEF:1.0|a|b|c|d|k=v\tl=m\n"),
        (EventFormat.Auditd, "type=EXECVE msg=audit(1.1:1): a0=\"x\" a1=6162 a2[0]=61 a2[1]=62\u001DSYSCALL=x\ntype=USER_CMD msg=audit(1:1): msg='cmd=6162 res=x'\n"),
        (EventFormat.AccessLog, "h 1.1.1.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /?a=\\x22 HTTP/1.0\" 200 1 \"-\" \"a\\\"b\"\n"),
        (EventFormat.TextLines, "any\nthing\n"),
    ];

    private static readonly ReadLimits Small = new() { BlockBytes = 64, RecordBytes = 4096, Nodes = 500, Depth = 16 };

    private static readonly Gen<(EventFormat Format, byte[] Bytes)> Mutated =
        from sample in Gen.OneOf(Samples.Select(Gen.Const).ToArray())
        from repeats in Gen.Int[1, 4]
        from changes in Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 3]).Array[0, 12]
        select (sample.Format, Change(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(sample.Text, repeats))), changes));

    [Fact]
    public void Read_MutatedSamplesUnderTheirFormat_NothingThrownAndNoLineLost() =>
        Mutated.Sample(sample => Check(sample.Bytes, sample.Format), iter: 20_000);

    [Fact]
    public void Read_MutatedSamplesUnderAnyFormat_NothingThrownAndNoLineLost() =>
        Gen.Select(Mutated, Gen.OneOf(Samples.Select(Gen.Const).ToArray())).Sample((sample, other) => Check(sample.Bytes, other.Format), iter: 10_000);

    [Fact]
    public void Open_AnyBytes_ReadOrRefusedWithASentence() => Gen.Byte.Array[0, 400].Sample(
        bytes =>
        {
            try
            {
                Found.In(bytes, "", new() { Limits = Small });
            }
            catch (InvalidDataException refusal)
            {
                Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
            }
        },
        iter: 20_000);

    [Fact]
    public void Read_MutatedSamplesOfUnknownFormat_ReadOrRefused() => Mutated.Sample(
        sample =>
        {
            try
            {
                Found.In(sample.Bytes, "", new() { Limits = Small });
            }
            catch (InvalidDataException)
            {
                return;
            }
        },
        iter: 10_000);

    private static readonly Gen<string> AnyText = Gen.String[Gen.Char.Where(each => !char.IsSurrogate(each) && each is not ('\0' or '\uFEFF')), 0, 20];

    [Fact]
    public void Read_AnyJsonValue_ComesBackAsItWas() => Gen.Dictionary(AnyText.Where(each => each.Length > 0), AnyText)[1, 8].Sample(
        members =>
        {
            var found = Assert.Single(Found.In(System.Text.Json.JsonSerializer.Serialize(members), ".json", new() { Format = EventFormat.JsonLines }));
            Assert.Null(found.Reason);
            foreach (var (name, value) in members.Where(member => !member.Key.Contains('.'))) Assert.Equal(value, found[name]);
        },
        iter: 5_000);

    [Fact]
    public void Read_AnyCells_ComeBackAsTheyWere() => AnyText.Where(each => !RecordFields.LooksLikeJson(Encoding.UTF8.GetBytes(each))).Array[1, 5].Sample(
        cells =>
        {
            var header = string.Join(',', cells.Select((_, column) => $"c{column}"));
            var row = string.Join(',', cells.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
            var found = Assert.Single(Found.In($"{header}\n{row}\n", ".csv", new() { Format = EventFormat.Csv }));
            for (var column = 0; column < cells.Length; column++) Assert.Equal(cells[column].Length == 0 ? null : cells[column], found[$"c{column}"]);
        },
        iter: 5_000);

    // Every line that is not blank is the beginning of an event or of a reject, or was passed over and said so.
    private static void Check(byte[] bytes, EventFormat format)
    {
        // What begins as packed content does is unpacked first, and other tests are about that.
        if (bytes.Length > 1 && bytes[0] is 0x1F or 0x28 or 0xFF or 0xFE) return;
        var found = Found.In(new MemoryStream(bytes), "", new() { Format = format, Limits = Small }, out _, out var skipped);

        var positions = found.Select(each => each.Position).ToList();
        Assert.Equal(positions.Order(), positions);
        if (format is not (EventFormat.Syslog or EventFormat.Cef or EventFormat.Leef or EventFormat.Auditd or EventFormat.AccessLog or EventFormat.TextLines) || skipped.Count > 0) return;
        var number = 0;
        var expected = new List<long>();
        foreach (var line in Lines(bytes))
        {
            number++;
            var text = number == 1 && line.StartsWith("\uFEFF"u8) ? line.AsSpan(3) : line;
            if (text.Trim(" \t\r"u8).Length > 0) expected.Add(number);
        }

        Assert.Equal(expected, positions);
    }

    private static IEnumerable<byte[]> Lines(byte[] bytes)
    {
        for (var at = 0; at <= bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', at);
            if (end < 0) end = bytes.Length;
            yield return bytes[at..end];
            at = end + 1;
        }
    }

    private static byte[] Change(byte[] bytes, (double Place, byte Value, int Kind)[] changes)
    {
        var list = bytes.ToList();
        foreach (var (place, value, kind) in changes)
        {
            if (list.Count == 0) return [];
            var at = (int)(place * (list.Count - 1));
            switch (kind)
            {
                case 0: list[at] = value; break;
                case 1: list.RemoveAt(at); break;
                case 2: list.Insert(at, value); break;
                default: list.InsertRange(at, list.Skip(at).Take(value).ToList()); break;
            }
        }

        return [.. list];
    }
}
