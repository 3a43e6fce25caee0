using System.Text;

namespace Watchhouse.Telemetry.Tests;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("<34>1 2003-10-11T22:14:15.003Z h a 1 m [i k=\"v\"] text\n", "")]
    [InlineData("Oct 11 22:14:15 h app[1]: message\n", "")]
    [InlineData("CEF:0|a|b|c|d|e|5|cs1Label=Rule cs1=x src=10.0.0.1 msg=two words\n", "")]
    [InlineData("LEEF:1.0|a|b|c|d|src=1\tdst=2\n", "")]
    [InlineData("type=EXECVE msg=audit(1364481363.243:1): argc=2 a0=\"cat\" a1=6162\n", "")]
    [InlineData("1.1.1.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /a?b HTTP/1.0\" 200 1 \"-\" \"agent\"\n", "")]
    [InlineData("1,\"two \"\"quoted\"\"\",{}\n", "a,b,c\n")]
    [InlineData("2024-05-01 10:00:00 GET /a agent\n", "#Fields: date time cs-method cs-uri-stem cs(User-Agent)\n")]
    [InlineData("{\"TimeGenerated\":\"x\",\"Category\":\"SignInLogs\",\"ResultType\":\"0\",\"Status\":\"{\\\"errorCode\\\":0}\"}\n", "")]
    [InlineData("{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"x\"},\"EventData\":{\"a\":\"b\"}}}\n", "")]
    [InlineData("{\"@timestamp\":\"x\",\"agent\":{\"type\":\"f\"},\"message\":\"Oct 11 22:14:15 h app[1]: message\"}\n", "")]
    public void Next_SteadyState_AllocatesNothing(string line, string header)
    {
        var text = header + string.Concat(Enumerable.Repeat(line, 1000));
        var options = new EventFileOptions { Reference = DateTimeOffset.UnixEpoch };
        using var source = EventFiles.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), options, "");
        var (block, record, parser) = (new EventBlock(), new EventRecord(), source.CreateParser());
        Assert.True(source.Read(block));
        var allocated = long.MaxValue;

        // The least of several passes: the first ones are compiled while they run.
        for (var pass = 0; pass < 6; pass++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var count = Pass(parser, block, record);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(1000, count);
        }

        // Less than a byte an event: what remains is the runtime's own, and a header that is read again.
        Assert.InRange(allocated, 0, 999);
    }

    private static int Pass(EventParser parser, EventBlock block, EventRecord record)
    {
        parser.Start(block);
        var count = 0;
        while (parser.Next(record, out _) == ParseOutcome.Event) count++;
        return count;
    }
}
