using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Tests.Estate;

/// <summary>One action of each kind on things of a fake, and whether it is so.</summary>
internal sealed record Deed(EstateAction Action, Func<DateTimeOffset, bool> IsSo, int Items = 1)
{
    public static Deed Of(EstateActionKind kind, FakeEstate fake, string detail = "")
    {
        var who = $"{Guid.NewGuid():N}@kent.police.uk";
        switch (kind)
        {
            case EstateActionKind.RevokeSessions:
                var user = fake.User(who);
                return new Deed(new EstateAction(kind, who), decided => DateTimeOffset.Parse(
                    fake.Users[user]["signInSessionsValidFromDateTime"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture) >= decided.AddSeconds(-1));
            case EstateActionKind.DisableAccount:
                var account = fake.User(who);
                return new Deed(new EstateAction(kind, who), _ => !fake.Users[account]["accountEnabled"]!.GetValue<bool>());
            case EstateActionKind.RemoveConsent:
                var application = fake.Application("Mail helper", 3);
                var id = fake.Applications[application]["id"]!.ToString();
                return detail == "sign-in"
                    ? new Deed(new EstateAction(kind, application, detail), _ => !fake.Applications[application]["accountEnabled"]!.GetValue<bool>())
                    : new Deed(new EstateAction(kind, application), _ => fake.Grants.Values.All(g => g.Application != id), 3);
            case EstateActionKind.IsolateDevice:
                var device = fake.Machine($"pc-{Guid.NewGuid():N}.kent.police.uk");
                return new Deed(new EstateAction(kind, fake.Machines[device]["computerDnsName"]!.ToString()), _ => fake.IsIsolated(device));
            case EstateActionKind.BlockAddress:
                var address = $"{Guid.NewGuid():N}.example.net";
                return new Deed(new EstateAction(kind, address), _ => fake.Indicators.Values.Any(i => i["indicatorValue"]!.ToString() == address && i["action"]!.ToString() == "Block"));
            default:
                var mailbox = fake.User(who);
                var rule = fake.Rule(who, "Sync");
                return new Deed(new EstateAction(kind, who, rule), _ => !fake.Rules.ContainsKey((mailbox, rule)));
        }
    }
}
