using System.Text;
using CsCheck;
using Watchhouse.Monitoring.Ingest.Syslog;

namespace Watchhouse.Monitoring.Tests.Syslog;

public sealed class SyslogFramerTests
{
    private static readonly SyslogLimits Small = new() { MaxMessageBytes = 40, MaxFrameBytes = 200 };

    // Pieces that make every kind of frame, whole and broken.
    private static readonly string[] Pieces =
        ["<13>1 - h a - - - text", "<34>Oct 11 22:14:15 host su: x", "\n", "\r\n", "\0", "5 <13>a", "12 ", "7", " ", "0", "99999999", "<", "é", "{\"a\":\n1}", "11 <13>a\nb c d", "250 "];

    [Fact]
    public void Push_AnySplitOfTheBytes_GivesTheSameMessages() => Gen.Select(
        Gen.Int[0, Pieces.Length - 1].Array[0, 25], Gen.Int[1, 9].Array[1, 40]).Sample((chosen, cuts) =>
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(chosen.Select(each => Pieces[each])));

        Assert.Equal(Read(bytes, [bytes.Length]), Read(bytes, cuts));
    });

    [Fact]
    public void Push_CountedMessagesOfAnyBytes_ComeOutAsTheyWere() => Gen.Byte.Array[0, 30].Array[1, 20].Sample(bodies =>
    {
        var messages = bodies.Select(body => (byte[])[.. "<13>"u8, .. body]).ToList();
        byte[] stream = [.. messages.SelectMany(message => (byte[])[.. Encoding.ASCII.GetBytes($"{message.Length} "), .. message])];

        Assert.Equal(messages.Select(message => "M " + Convert.ToHexString(message)), Read(stream, [7]));
    });

    [Fact]
    public void Push_LinesOfAnyText_ComeOutAsTheyWere() => Gen.Byte.Where(b => b != '\n').Array[0, 30].Array[1, 20].Sample(bodies =>
    {
        var messages = bodies.Select(body => (byte[])[.. "<13>"u8, .. body]).ToList();
        byte[] stream = [.. messages.SelectMany(message => (byte[])[.. message, (byte)'\n'])];

        Assert.Equal(messages.Select(message => "M " + Convert.ToHexString(message)), Read(stream, [5, 3]));
    });

    [Theory]
    [InlineData("<13>a\n<13>b\n", "<13>a|<13>b")]
    [InlineData("<13>a\n<13>b", "<13>a|<13>b")]
    [InlineData("5 <13>a5 <13>b", "<13>a|<13>b")]
    [InlineData("7 <13>a\nb5 <13>c", "<13>a\nb|<13>c")]
    [InlineData("5 <13>a\n5 <13>b\n", "<13>a|<13>b")]
    [InlineData("\n\n5 <13>a", "<13>a")]
    [InlineData("2026-11-02 text\n12 <13>text\n", "2026-11-02 text|12 <13>text")]
    [InlineData("5 text\n", "5 text")]
    [InlineData("", "")]
    public void Push_EachFraming_IsRecognised(string stream, string expected) =>
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), Texts(stream));

    [Theory]
    [InlineData("5 <13>aoops\n5 <13>b", "M <13>a|B oops|M <13>b", SyslogFramer.NoCount)]
    [InlineData("9 <13>a", "B <13>a", SyslogFramer.BrokenOff)]
    [InlineData("5 <13>a77", "M <13>a|B 77", SyslogFramer.BrokenOff)]
    [InlineData("5 <13>a12345678 x\n5 <13>b", "M <13>a|B 12345678 x|M <13>b", SyslogFramer.NoCount)]
    public void Push_BrokenFrames_AreToldOfAndTheRestIsRead(string stream, string expected, string reason)
    {
        var sink = new Sink();
        var framer = new SyslogFramer(Small);
        framer.Push(Encoding.UTF8.GetBytes(stream), sink);
        framer.End(sink);

        Assert.Equal(expected.Split('|'), sink.Found.Select(each => each[..2] + Encoding.UTF8.GetString(Convert.FromHexString(each[2..]))));
        Assert.Equal([reason], sink.Reasons);
    }

    [Fact]
    public void Push_MessageLongerThanIsKept_IsCutAndTheNextIsWhole()
    {
        var sink = new Sink();
        var framer = new SyslogFramer(Small);
        framer.Push(Encoding.ASCII.GetBytes("<13>" + new string('a', 100) + "\n<13>b\n"), sink);

        Assert.Equal([true, false], sink.Cut);
        Assert.Equal(2 + (40 * 2), sink.Found[0].Length);
        Assert.False(framer.IsOver);
    }

    [Theory]
    [InlineData("<13>")]
    [InlineData("201 <13>")]
    public void Push_FrameWithoutEnd_EndsTheStreamAndHoldsLittle(string start)
    {
        var sink = new Sink();
        var framer = new SyslogFramer(Small);
        framer.Push(Encoding.ASCII.GetBytes(start), sink);
        for (var more = 0; more < 1000 && !framer.IsOver; more++) framer.Push("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8, sink);

        Assert.True(framer.IsOver);
        Assert.Equal([SyslogFramer.TooLong], sink.Reasons);
        Assert.InRange(framer.Capacity, 0, 1024);
    }

    private static List<string> Texts(string stream) =>
        [.. Read(Encoding.UTF8.GetBytes(stream), [3]).Select(each => Encoding.UTF8.GetString(Convert.FromHexString(each[2..])))];

    private static List<string> Read(byte[] bytes, int[] cuts)
    {
        var sink = new Sink();
        var framer = new SyslogFramer(Small);
        for (var (at, cut) = (0, 0); at < bytes.Length; cut++)
        {
            var length = Math.Min(Math.Max(1, cuts[cut % cuts.Length]), bytes.Length - at);
            framer.Push(bytes.AsSpan(at, length), sink);
            at += length;
        }

        framer.End(sink);
        return sink.Found;
    }

    private sealed class Sink : ISyslogSink
    {
        public List<string> Found { get; } = [];

        public List<string> Reasons { get; } = [];

        public List<bool> Cut { get; } = [];

        public void Message(ReadOnlySpan<byte> message, bool isCut)
        {
            Cut.Add(isCut);
            Found.Add("M " + Convert.ToHexString(message));
        }

        public void Bad(string reason, ReadOnlySpan<byte> sample)
        {
            Reasons.Add(reason);
            Found.Add("B " + Convert.ToHexString(sample));
        }
    }
}
