using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Clocks;

namespace Watchhouse.Response.Tests.Clocks;

public sealed class ClockPolicyTests
{
    private const string Holidays = """{"from":"2026-01-01","until":"2027-12-31","england-and-wales":["2026-12-25"],"scotland":["2026-11-30"],"northern-ireland":[]}""";
    private const string Times = """
        "low":{"acknowledgeMinutes":4,"adviseMinutes":40,"actMinutes":400},"medium":{"acknowledgeMinutes":3,"adviseMinutes":30,"actMinutes":300},
        "high":{"acknowledgeMinutes":2,"adviseMinutes":20,"actMinutes":200},"critical":{"acknowledgeMinutes":1,"adviseMinutes":10,"actMinutes":100}
        """;

    [Fact]
    public void Read_TheNationsOwn_IsUsable()
    {
        var policies = ClockPolicyReader.Read(Path.Combine(AppContext.BaseDirectory, "national"));
        var severities = Enum.GetValues<Severity>().Order().ToList();
        Assert.Equal(severities, policies.Severities.Keys.Order());
        // The graver, the faster.
        Assert.All(severities.Zip(severities.Skip(1)), pair => Assert.All(Enum.GetValues<ClockStage>(),
            stage => Assert.True(policies.Severities[pair.Second].Of(stage) < policies.Severities[pair.First].Of(stage))));
    }

    [Fact]
    public void For_ForceThatAgreed_HasItsTimesAndHours()
    {
        var policies = ClockPolicyReader.Read(File("""{"PSC":{"actMinutes":{"high":60},"hours":{"monday":"08:00-18:00","tuesday":"08:00-24:00"},"holidays":"scotland"}}"""), Holidays);
        var (theirs, others) = (policies.For(ForceId.Of("PSC"), Severity.High), policies.For(ForceId.Of("KNT"), Severity.High));
        Assert.Equal((TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(200)), (theirs.Targets.Act, others.Targets.Act));
        Assert.Equal(TimeSpan.FromMinutes(100), policies.For(ForceId.Of("PSC"), Severity.Critical).Targets.Act);
        // On Monday 30 November Scotland is off, so an hour from its morning ends on Tuesday.
        var monday = new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal(monday.AddDays(1), theirs.HoursOf(ClockStage.Act).After(monday, theirs.Targets.Act));
        Assert.Equal(monday.AddHours(1), theirs.HoursOf(ClockStage.Advise).After(monday, TimeSpan.FromHours(1)));
        Assert.Equal(monday.AddMinutes(200), others.HoursOf(ClockStage.Act).After(monday, others.Targets.Act));
    }

    [Theory]
    [InlineData("""{"PSC":{"actMinutes":{"high":201}}}""", "never longer than the nation's")]
    [InlineData("""{"PSC":{"actMinutes":{"grave":20}}}""", "'grave' is no severity")]
    [InlineData("""{"psc":{}}""", "'psc' is not the tag of a force")]
    [InlineData("""{"PSC":{"hours":{"monday":"08:00-18:00"}}}""", "its 'holidays' is one of england-and-wales, scotland, northern-ireland")]
    [InlineData("""{"PSC":{"holidays":"scotland"}}""", "bank holidays but no hours")]
    [InlineData("""{"PSC":{"hours":{"monday":"08:00-17:59"},"holidays":"scotland"}}""", "at least 10 a week")]
    [InlineData("""{"PSC":{"hours":{"monday":"18:00-08:00"},"holidays":"scotland"}}""", "do not end after they begin")]
    [InlineData("""{"PSC":{"hours":{"monday":"8-18"},"holidays":"scotland"}}""", "written as 08:00-18:00")]
    [InlineData("""{"PSC":{"hours":{"payday":"08:00-18:00"},"holidays":"scotland"}}""", "no day of the week")]
    [InlineData("""{"PSC":{"act":{}}}""", "cannot be read at")]
    public void Read_WrongAgreement_SaysWhatIsWrong(string forces, string words) => Refused(File(forces), Holidays, "clocks.json", words);

    [Fact]
    public void Read_WrongFile_SaysWhatIsWrong()
    {
        Refused("{", Holidays, "clocks.json", "cannot be read at");
        Refused(File("{}").Replace("\"low\"", "\"lower\"", StringComparison.Ordinal), Holidays, "clocks.json", "'lower' is no severity");
        Refused("""{"from":"2026-12-01","severities":{},"forces":{}}""", Holidays, "clocks.json", "The severity low is missing");
        Refused(File("{}").Replace("\"adviseMinutes\":40", "\"adviseMinutes\":3", StringComparison.Ordinal), Holidays, "clocks.json", "The times of low");
        Refused(File("{}"), Holidays.Replace("2026-11-30", "2026-11-29", StringComparison.Ordinal), "bank-holidays.json", "is a Sunday");
        Refused(File("{}"), Holidays.Replace("2026-11-30", "2028-11-30", StringComparison.Ordinal), "bank-holidays.json", "outside the days");
        Refused(File("{}"), Holidays.Replace("\"2026-11-30\"", "\"2026-11-30\",\"2026-11-30\"", StringComparison.Ordinal), "bank-holidays.json", "stands there twice");
        Assert.Contains("The file is missing", Assert.Throws<FormatException>(() => ClockPolicyReader.Read(Path.Combine(AppContext.BaseDirectory, "nowhere"))).Message, StringComparison.Ordinal);
    }

    private static string File(string forces) => "{\"from\":\"2026-12-01\",\"severities\":{" + Times + "},\"forces\":" + forces + "}";

    private static void Refused(string clocks, string holidays, string file, string words)
    {
        var message = Assert.Throws<FormatException>(() => ClockPolicyReader.Read(clocks, holidays)).Message;
        Assert.StartsWith($"national/response/{file}: ", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }
}
