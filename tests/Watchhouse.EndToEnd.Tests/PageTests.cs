using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Every page: it opens without an error of the browser, and axe finds nothing serious.</summary>
[Collection(HouseCollection.Name)]
public sealed class PageTests(House house)
{
    public static TheoryData<string, string> Pages => new()
    {
        { Personas.DutyManager, "/" },
        { Personas.KentOfficer, "/" },
        { Personas.DutyManager, "/forces" },
        { Personas.DutyManager, "/forces/KNT" },
        { Personas.CentreAdministrator, "/forces/SCO" },
        { Personas.KentAdministrator, "/people" },
        { Personas.KentOfficer, "/delegations" },
        { Personas.DutyManager, "/delegations" },
        { Personas.KentAdministrator, "/clients" },
        { Personas.DutyManager, "/permissions" },
        { Personas.KentAuditor, "/audit" },
        { Personas.KentAuditor, "/audit/settings" },
        { Personas.DutyManager, "/audit" },
        { Personas.DutyManager, "/alerts" },
        { Personas.DutyManager, "/alerts?level=critical,high&technique=T1114&since=7d" },
        { Personas.KentOfficer, "/alerts/0198c0de-0000-7000-8000-000000000000" },
        { Personas.KentOfficer, "/alerts?status=closed&verdict=falsePositive&owner=me" },
        { Personas.DutyManager, "/measures" },
        { Personas.KentOfficer, "/measures?days=90" },
        { Personas.KentAdministrator, "/measures" },
        { Personas.DutyManager, "/sources" },
        { Personas.DutyManager, "/sources/collectors" },
        { Personas.KentOfficer, "/sources/collectors?do=set-up" },
        { Personas.KentAdministrator, "/sources/collectors" },
        { Personas.KentAdministrator, "/sources/listeners?do=open" },
        { Personas.DutyManager, "/sources/listeners" },
        { Personas.DevonOwner, "/sources/retention" },
        { Personas.KentAdministrator, "/sources/retention" },
        { Personas.KentAdministrator, "/alerts" },
        { Personas.DutyManager, "/rules" },
        { Personas.KentOfficer, "/rules?by=tactic&in=credential-access&level=high&sort=-changed" },
        { Personas.KentOfficer, "/rules/0198c0de-0000-7000-8000-000000000000" },
        { Personas.KentOfficer, "/rules/new?test=past" },
        { Personas.DutyManager, "/rules/noise" },
        { Personas.KentOfficer, "/rules/lists?name=emergency_accounts&of=KNT" },
        { Personas.DutyManager, "/rules/import" },
        { Personas.KentAdministrator, "/rules" },
        { Personas.DutyManager, "/coverage" },
        { Personas.KentAuditor, "/coverage?view=sources" },
        { Personas.KentOfficer, "/coverage?technique=T1110&subs=1" },
        { Personas.DutyManager, "/exceptions" },
        { Personas.KentAuditor, "/exceptions/0198c0de-0000-7000-8000-000000000000" },
        { Personas.DutyManager, "/exceptions/new" },
        { Personas.KentAuditor, "/exceptions/new" },
        { Personas.DutyManager, "/incidents?status=all" },
        { Personas.DutyManager, "/incidents/new" },
        { Personas.KentOfficer, "/incidents/0198c0de-0000-7000-8000-000000000000" },
        { Personas.KentAdministrator, "/incidents" },
        { Personas.DutyManager, "/shifts" },
        { Personas.KentOfficer, "/shifts" },
        { Personas.KentAuditor, "/shifts" },
        { Personas.KentOfficer, "/shifts/plan" },
        { Personas.KentOfficer, "/shifts/notes/0198c0de-0000-7000-8000-000000000000" },
        { Personas.DutyManager, "/clocks/settings" },
        { Personas.KentOfficer, "/clocks/settings" },
        { Personas.KentAdministrator, "/clocks/settings" },
        { Personas.DutyManager, "/candidates?status=all" },
        { Personas.DutyManager, "/candidates/0198c0de-0000-7000-8000-000000000000" },
        { Personas.KentOfficer, "/candidates" },
        { Personas.DutyManager, "/wall" },
        { Personas.KentOfficer, "/wall" },
        { Personas.KentOfficer, "/force" },
        { Personas.KentAdministrator, "/force" },
        { Personas.DutyManager, "/force" },
        { Personas.DutyManager, "/force?force=KNT" },
        { Personas.DutyManager, "/bulletins?show=all" },
        { Personas.DutyManager, "/bulletins/new" },
        { Personas.KentOfficer, "/bulletins" },
        { Personas.KentOfficer, "/bulletins/new" },
        { Personas.KentAuditor, "/bulletins/0198c0de-0000-7000-8000-000000000000" },
        { Personas.KentOfficer, "/outbox" },
        { Personas.DutyManager, "/outbox?show=all" },
        { Personas.KentOfficer, "/outbox?show=all&notice=0198c0de-0000-7000-8000-000000000000" },
        { Personas.KentOfficer, "/notifications" },
        { Personas.KentAuditor, "/notifications" },
        { Personas.DutyManager, "/playbooks" },
        { Personas.DutyManager, "/playbooks/5d868dea-b589-4529-8664-100006ad80f1" },
        { Personas.DutyManager, "/runs" },
        { Personas.KentOfficer, "/runs/0198c0de-0000-7000-8000-000000000000" },
        { Personas.KentOfficer, "/approvals" },
        { Personas.KentOfficer, "/authorities" },
        { Personas.KentAdministrator, "/approvals" },
        { Personas.KentOfficer, "/estate" },
        { Personas.DutyManager, "/estate" },
        { Personas.DutyManager, "/reference" },
        { Personas.DutyManager, "/account" },
        { Personas.DutyManager, "/nowhere" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_InLightAndDark_WideAndNarrow_IsAccessible(string persona, string address)
    {
        foreach (var (width, dark) in new[] { (1440, false), (390, true) })
        {
            var page = await house.SignedInAsync(persona, options =>
            {
                options.ViewportSize = new ViewportSize { Width = width, Height = width == 390 ? 844 : 900 };
                options.ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light;
            });
            var errors = new List<string>();
            page.PageError += (_, error) => errors.Add(error);
            page.Console += (_, message) =>
            {
                if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)
                    && !message.Text.Contains("403", StringComparison.Ordinal)) errors.Add(message.Text);
            };

            await House.OpenAsync(page, address);
            await Axe.AssertCleanAsync(page);

            Assert.True(errors.Count == 0, string.Join('\n', errors));
            var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow <= 1, $"{address} at {width} px is {overflow} px too wide.");
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Palette_ByControlK_FindsAForce()
    {
        var page = await house.AsAsync(Personas.DutyManager);

        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Combobox).FillAsync("Kent");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Kent");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/forces/KNT**");
    }
}
