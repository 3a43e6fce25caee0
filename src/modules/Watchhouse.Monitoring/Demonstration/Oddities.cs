using System.Text.Json.Nodes;
using Watchhouse.Monitoring.Demonstration.Lines;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>
/// Harmless things that look wrong: rules of low and medium level fire on them, and whoever looks finds a reason. A queue of true
/// attacks alone would teach nothing. Pure.
/// </summary>
internal static class Oddities
{
    public const int Kinds = 4;

    /// <summary>Files of the rules that fire, by kind.</summary>
    public static readonly IReadOnlyList<string> Rules =
        ["files/shared-with-personal-mail", "mail/full-access-to-mailbox", "conditional-access/trusted-location-added", "records/record-viewed-off-duty"];

    /// <summary>The event of a kind; a force without a records system has another one for it.</summary>
    public static DemoEvent Event(DemoForce force, DateTimeOffset at, DemoDice dice, int kind)
    {
        var person = dice.Below(DemoForce.Officers);
        return kind switch
        {
            // A trainer sends slides to a speaker.
            0 => OfficeLines.Record(force, at, dice, "SharePoint", 14, "AddedToSecureLink", force.Mail(person), force.Egress, new()
            {
                ["ObjectId"] = $"https://{force.Slug}.sharepoint.demo.example/sites/Training/Shared Documents/Course.pptx",
                ["SiteUrl"] = $"https://{force.Slug}.sharepoint.demo.example/sites/Training/",
                ["SourceFileName"] = "Course.pptx",
                ["ItemType"] = "File",
                ["EventSource"] = "SharePoint",
                ["TargetUserOrGroupName"] = "guest.speaker@gmail.example",
                ["TargetUserOrGroupType"] = "Guest",
            }),
            // The help desk gives a successor the mailbox of somebody who has left.
            1 => OfficeLines.Record(force, at, dice, "Exchange", 1, "Add-MailboxPermission", force.Administrator, force.Egress + ":50123", new()
            {
                ["ResultStatus"] = "True",
                ["UserType"] = 2,
                ["ObjectId"] = $"shared.{force.Account(person)}",
                ["ExternalAccess"] = false,
                ["OrganizationName"] = $"{force.Slug}.onmicrosoft.demo.example",
                ["Parameters"] = new JsonArray(
                    new JsonObject { ["Name"] = "Identity", ["Value"] = $"shared.{force.Account(person)}" },
                    new JsonObject { ["Name"] = "User", ["Value"] = force.Mail(person + 1) },
                    new JsonObject { ["Name"] = "AccessRights", ["Value"] = "FullAccess" }),
            }),
            // A new station gets its line.
            2 => EntraLines.Audit(force, at, dice, "Policy", "Add named location", "Add", force.Administrator, force.Egress, EntraLines.Target(
                "Policy", dice.Id(), "Demonstration station", null,
                ("NamedLocation", null, "{\"displayName\":\"Demonstration station\",\"isTrusted\":true,\"ipRanges\":[\"192.0.2.0/28\"]}"))),
            // An officer stays on after the shift and forgets to give the case.
            _ when force.Has(DemoSource.Records) =>
                SyslogLines.Records(force, at, dice, new("view", person, $"N{DemoJson.Number(100_000 + dice.Below(800_000))}", null, false, 1)),
            _ => Event(force, at, dice, dice.Below(Kinds - 1)),
        };
    }
}
