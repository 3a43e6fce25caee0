using CsCheck;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Pages;

namespace Watchhouse.Monitoring.Tests.Collect;

/// <summary>How coverage is drawn, and what is typed into the form of a collector.</summary>
public sealed class StretchTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 10, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Since = Now.AddDays(-7);

    [Fact]
    public void Draw_WindowsOfEachState_BecomeStretchesThatSayWhy()
    {
        CoverageLine[] lines =
        [
            new(Since.AddDays(-1), Since.AddDays(1), WindowState.Reconciled, null, null),
            new(Since.AddDays(1), Since.AddDays(2), WindowState.Fetched, null, null),
            new(Since.AddDays(2), Since.AddDays(3), WindowState.Gap, "A blob was lost.", null),
            new(Since.AddDays(3), Since.AddDays(4), WindowState.Listed, null, "It did not answer."),
            new(Since.AddDays(4), Now.AddMinutes(-10), WindowState.Planned, null, null),
        ];

        var drawn = CoverageStretches.Draw(lines, Since, Now, null, "It stands still.");

        Assert.Equal(
            [
                new(StretchKind.Covered, Since, Since.AddDays(2), null),
                new(StretchKind.Gap, Since.AddDays(2), Since.AddDays(3), "A blob was lost."),
                new(StretchKind.Late, Since.AddDays(3), Since.AddDays(4), "It did not answer."),
                new CoverageStretch(StretchKind.Open, Since.AddDays(4), Now, null),
            ],
            drawn);
        Assert.Equal(0.5, CoverageStretches.Share(drawn)!.Value, 3);
    }

    [Fact]
    public void Draw_CollectorThatStoodStill_IsLateToThisMoment()
    {
        CoverageLine[] lines = [new(Since, Now.AddHours(-5), WindowState.Reconciled, null, null)];

        Assert.Equal(new(StretchKind.Late, Now.AddHours(-5), Now, "It is switched off."), CoverageStretches.Draw(lines, Since, Now, null, "It is switched off.")[^1]);
        // A hub without messages was read to its end, and a stream that is fetched no more ends where it ended.
        Assert.Equal(StretchKind.Open, CoverageStretches.Draw(lines, Since, Now, Now.AddMinutes(-4), "It stands still.")[^1].Kind);
        Assert.Equal(StretchKind.Covered, Assert.Single(CoverageStretches.Draw(lines, Since, Now, null, null)).Kind);
        Assert.Empty(CoverageStretches.Draw([], Since, Now, null, "It stands still."));
    }

    [Fact]
    public void Draw_AnyLinesThatFollowEachOther_FillTheTimeOnceAndInOrder() =>
        Gen.Select(Gen.Int[1, 2_000], Gen.Int[1, 5], Gen.Bool).Array[1, 60].Sample(parts =>
        {
            var from = Since.AddHours(-20);
            var lines = new List<CoverageLine>();
            foreach (var (minutes, state, hasReason) in parts)
            {
                if (from >= Now) break;
                var to = from.AddMinutes(minutes) is var end && end > Now ? Now : end;
                lines.Add(new(from, to, (WindowState)state, hasReason ? "Why." : null, null));
                from = to;
            }

            var drawn = CoverageStretches.Draw(lines, Since, Now, null, "Still.");

            for (var i = 1; i < drawn.Count; i++)
            {
                Assert.Equal(drawn[i - 1].To, drawn[i].From);
                Assert.False(drawn[i - 1].Kind == drawn[i].Kind && drawn[i - 1].Why == drawn[i].Why);
            }

            Assert.Equal((Since, Now), (drawn[0].From, drawn[^1].To));
            Assert.All(drawn.Where(stretch => stretch.Kind is StretchKind.Gap or StretchKind.Late), stretch => Assert.NotNull(stretch.Why));
        }, iter: 200);

    [Theory]
    [InlineData(CollectorTexts.NoTenant, "tenantId")]
    [InlineData(CollectorTexts.NoClient, "clientId")]
    [InlineData(CollectorTexts.NoStream, "streams")]
    public void Settings_ThatAreNone_NameTheField(string what, string field)
    {
        var form = new CollectorForm { Tenant = what == CollectorTexts.NoTenant ? "kent" : Guid.NewGuid().ToString(), Client = what == CollectorTexts.NoClient ? "" : Guid.NewGuid().ToString() };
        if (what != CollectorTexts.NoStream) form.Take(CollectorKind.Office365, ["Audit.Exchange"]);

        var settings = form.Settings();

        Assert.Equal(field, settings.Failure?.Field);
    }

    [Fact]
    public void Form_OfACollector_SaysAllOfItAgainButItsCredential()
    {
        var collector = new CollectorAnswer(
            Guid.NewGuid(), Watchhouse.Platform.Tenancy.ForceId.Of("KNT"), CollectorKind.AzureActivity, "Azure", "azure", Guid.NewGuid(), Guid.NewGuid(), CredentialKind.Secret, null, Now,
            [Guid.NewGuid().ToString(), Guid.NewGuid().ToString()], null, null, 900, true, 7, Now, "somebody", false, null, null, null, 0, null, null);

        var input = CollectorForm.Of(collector).Settings().Value!;

        Assert.Equal((collector.Name, collector.Source, collector.TenantId, collector.ClientId, 900, 7u),
            (input.Name, input.Source, input.TenantId, input.ClientId, input.EverySeconds, input.Version));
        Assert.Equal(collector.Streams, input.Streams);
        Assert.Equal((null, null, null, null), (input.Credential, input.CredentialFile, input.CredentialKind, input.Enabled));
    }

    [Fact]
    public void Take_AnotherKind_ProposesItsSourceUnlessOneWasTyped()
    {
        var form = new CollectorForm();
        form.Take(CollectorKind.EventHub, []);
        Assert.Equal(("event-hub", CredentialKind.ConnectionString), (form.Source, form.Credential));
        form.Source = "our-hub";
        form.Take(CollectorKind.SignIns, ["interactiveUser"]);
        Assert.Equal(("our-hub", CredentialKind.Certificate), (form.Source, form.Credential));
    }

    [Theory]
    [InlineData(-1, "Danger")]
    [InlineData(2, "Danger")]
    [InlineData(29, "Warning")]
    [InlineData(31, "Neutral")]
    public void Credential_ByTheDaysThatAreLeft_BecomesLouder(int days, string tone)
    {
        var collector = new CollectorAnswer(
            Guid.NewGuid(), Watchhouse.Platform.Tenancy.ForceId.Of("KNT"), CollectorKind.SignIns, "Entra", "entra", Guid.NewGuid(), Guid.NewGuid(), CredentialKind.Certificate, null,
            Now.AddDays(days), [], null, null, 300, true, 1, Now, "somebody", false, null, Now, Now, 0, null, null);

        Assert.Equal(tone, CollectorWords.Credential(collector, Now).Tone.ToString());
    }

    private static class CollectorTexts
    {
        public const string NoTenant = "tenant";
        public const string NoClient = "client";
        public const string NoStream = "stream";
    }
}
