using System.Text;
using System.Text.Json;
using CsCheck;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Pulling;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Tests.Collect;

public sealed class PureTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 10, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Plan_AnySequenceOfTimes_CoversEverySecondOnceInWindowsThatAreAllowed() =>
        Gen.Int[1, 900_000].Array[1, 20].Sample(steps =>
        {
            var (now, planned) = (Now, (DateTimeOffset?)null);
            var windows = new List<PlannedWindow>();
            foreach (var step in steps)
            {
                now = now.AddSeconds(step);
                foreach (var window in WindowPlan.Plan(planned, now, Office365Source.Times, TimeSpan.FromHours(24), 1000))
                {
                    if (planned is { } end) Assert.Equal(end, window.From);
                    Assert.True(window.To > window.From && window.To <= now);
                    if (window.Gap is null)
                    {
                        Assert.True(window.To - window.From <= TimeSpan.FromHours(24));
                        Assert.True(window.From >= now.AddDays(-7));
                    }

                    planned = window.To;
                }

                if (planned is { } last) Assert.True(now - last < TimeSpan.FromMinutes(3));
            }
        });

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("0", 0.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("Tue, 10 Nov 2026 09:00:30 GMT", 30.0)]
    [InlineData("Tue, 10 Nov 2026 08:00:00 GMT", 0.0)]
    [InlineData("99999999", 86400.0)]
    [InlineData("-3", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void RetryAfter_AnyForm_IsATimeToWait(string? header, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(header, Now)?.TotalSeconds);

    [Fact]
    public void Read_List_KeepsBytesOfEachElement()
    {
        var page = JsonPage.Read(Encoding.UTF8.GetBytes("\uFEFF{\"@odata.context\":{\"value\":[9]},\"value\":[ {\"a\" : \"\\u00e9\\n\",\r\n \"b\":1.50},7,{\"id\":\"x\"}],\"@odata.nextLink\":\"https://x/\"} "), "value", "@odata.nextLink");

        Assert.Equal(["{\"a\" : \"\\u00e9\\n\",   \"b\":1.50}", "{\"id\":\"x\"}"], page.Elements.Select(e => Encoding.UTF8.GetString(e.Span)));
        Assert.Equal((1, "https://x/"), (page.Strange, page.Next));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("[{\"a\":1}")]
    [InlineData("{\"value\":[{\"a\":1}]")]
    [InlineData("[{\"a\":1}]x")]
    [InlineData("<html>")]
    public void Read_WhatIsNoWholeList_IsRefused(string body) =>
        Assert.ThrowsAny<JsonException>(() => JsonPage.Read(Encoding.UTF8.GetBytes(body), "value", ""));

    [Fact]
    public void Read_AnyCutOfAnAnswer_IsRefused() =>
        Gen.Int[0, 45].Sample(length =>
        {
            var whole = Encoding.UTF8.GetBytes("{\"value\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"next\":\"x\"}");
            if (length < whole.Length) Assert.ThrowsAny<JsonException>(() => JsonPage.Read(whole.AsMemory(0, length), "value", "next"));
        });

    [Fact]
    public void Key_OfAnEvent_IsItsIdAndWhatChanged()
    {
        static Guid Key(string line, string? changed = null) => JsonPage.Key(Encoding.UTF8.GetBytes(line), "id", changed);

        Assert.Equal(Key("{\"id\":\"1\",\"x\":2}"), Key("{\"x\":{\"id\":\"7\"},\"id\":\"1\"}"));
        Assert.NotEqual(Key("{\"id\":\"1\",\"t\":\"a\"}", "t"), Key("{\"id\":\"1\",\"t\":\"b\"}", "t"));
        Assert.NotEqual(Key("{\"x\":1}"), Key("{\"x\":2}"));
    }

    [Theory]
    [InlineData("http://graph.microsoft.com", false)]
    [InlineData("https://graph.microsoft.com", true)]
    [InlineData("https://graph.microsoft.com/v1.0", false)]
    [InlineData("https://user@graph.microsoft.com", false)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("graph", false)]
    public void Options_ForAHost_TakeHttpsOrThisMachine(string address, bool taken)
    {
        var options = new CollectOptions { Graph = address };
        if (taken) options.Check();
        else Assert.Throws<InvalidOperationException>(options.Check);
    }
}
