using System.Text.Json.Nodes;

namespace Watchhouse.Monitoring.Demonstration.Lines;

/// <summary>Records of the Office 365 Management Activity API (its common schema and those of Exchange and SharePoint). Pure.</summary>
internal static class OfficeLines
{
    private const string Table = "OfficeActivity";

    /// <param name="force">Whose tenant it is.</param>
    /// <param name="at">When.</param>
    /// <param name="dice">For what nobody chooses.</param>
    /// <param name="workload">Exchange, SharePoint, OneDrive, MicrosoftTeams.</param>
    /// <param name="type">AuditLogRecordType.</param>
    /// <param name="operation">What was done.</param>
    /// <param name="user">Who did it.</param>
    /// <param name="address">From where.</param>
    /// <param name="more">What the kind of record has besides.</param>
    public static DemoEvent Record(
        DemoForce force, DateTimeOffset at, DemoDice dice, string workload, int type, string operation, string user, string address, JsonObject? more = null)
    {
        var record = new JsonObject
        {
            ["CreationTime"] = DemoJson.Seconds(at),
            ["Id"] = dice.Id().ToString(),
            ["Operation"] = operation,
            ["OrganizationId"] = force.Tenant.ToString(),
            ["RecordType"] = type,
            ["ResultStatus"] = "Succeeded",
            ["UserKey"] = DemoDice.Of(user).Id().ToString(),
            ["UserType"] = 0,
            ["Version"] = 1,
            ["Workload"] = workload,
            ["ClientIP"] = address,
            ["UserId"] = user,
        };
        foreach (var (name, value) in more ?? []) record[name] = value?.DeepClone();
        record[DemoJson.Label] = DemoJson.Made;
        return new(force, DemoSource.Office, at, Table, DemoJson.Text(record));
    }

    public static DemoEvent File(
        DemoForce force, DateTimeOffset at, DemoDice dice, string operation, string user, string address, string site, string file) =>
        Record(force, at, dice, "SharePoint", 6, operation, user, address, new()
        {
            ["ObjectId"] = $"https://{force.Slug}.sharepoint.demo.example/sites/{site}/Shared Documents/{file}",
            ["SiteUrl"] = $"https://{force.Slug}.sharepoint.demo.example/sites/{site}/",
            ["SourceRelativeUrl"] = "Shared Documents",
            ["SourceFileName"] = file,
            ["SourceFileExtension"] = file[(file.LastIndexOf('.') + 1)..],
            ["ItemType"] = "File",
            ["EventSource"] = "SharePoint",
            ["UserAgent"] = "Mozilla/5.0 (Windows NT; Win64; x64)",
            ["IsManagedDevice"] = true,
        });

    public static DemoEvent InboxRule(
        DemoForce force, DateTimeOffset at, DemoDice dice, string user, string address, params (string Name, string Value)[] parameters) =>
        Record(force, at, dice, "Exchange", 1, "New-InboxRule", user, address + ":51211", new()
        {
            ["ResultStatus"] = "True",
            ["ObjectId"] = user[..user.IndexOf('@', StringComparison.Ordinal)],
            ["ExternalAccess"] = false,
            ["OrganizationName"] = $"{force.Slug}.onmicrosoft.demo.example",
            ["OriginatingServer"] = "DEMO01 (demonstration)",
            ["Parameters"] = new JsonArray([.. parameters.Select(each => (JsonNode)new JsonObject { ["Name"] = each.Name, ["Value"] = each.Value })]),
            ["SessionId"] = dice.Id().ToString(),
        });

    public static DemoEvent MailboxItems(DemoForce force, DateTimeOffset at, DemoDice dice, string user, string address, string client) =>
        Record(force, at, dice, "Exchange", 50, "MailItemsAccessed", user, address, new()
        {
            ["MailboxOwnerUPN"] = user,
            ["MailboxGuid"] = DemoDice.Of($"mailbox/{user}").Id().ToString(),
            ["LogonType"] = 0,
            ["ClientInfoString"] = client,
            ["OperationCount"] = 1 + dice.Below(5),
            ["OperationProperties"] = new JsonArray(
                new JsonObject { ["Name"] = "MailAccessType", ["Value"] = "Bind" },
                new JsonObject { ["Name"] = "IsThrottled", ["Value"] = "False" }),
            ["ExternalAccess"] = false,
        });
}
