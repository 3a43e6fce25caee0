using System.Text.Json.Nodes;

namespace Watchhouse.Monitoring.Demonstration.Lines;

/// <summary>Sign-ins and directory audits as Microsoft Graph gives them (resources signIn and directoryAudit of v1.0). Pure.</summary>
internal static class EntraLines
{
    private static readonly string[] Applications =
        ["Office 365 Exchange Online", "Microsoft Teams", "Office 365 SharePoint Online", "Demonstration rostering", "Demonstration digital evidence", "Windows Sign In"];

    /// <summary>A sign-in of a person; the error code is 0 where it succeeded.</summary>
    public static DemoEvent SignIn(DemoForce force, DateTimeOffset at, DemoDice dice, int person, string address, int error = 0, string? application = null)
    {
        var name = application ?? dice.Of(Applications);
        var home = address.StartsWith("192.0.2.", StringComparison.Ordinal);
        var record = new JsonObject
        {
            ["id"] = dice.Id().ToString(),
            ["createdDateTime"] = DemoJson.Exact(at),
            ["userDisplayName"] = $"{force.Account(person)} (demonstration)",
            ["userPrincipalName"] = force.Mail(person),
            ["userId"] = force.PersonId(person).ToString(),
            ["appId"] = DemoDice.Of($"application/{name}").Id().ToString(),
            ["appDisplayName"] = name,
            ["ipAddress"] = address,
            ["clientAppUsed"] = dice.OneIn(3) ? "Browser" : "Mobile Apps and Desktop clients",
            ["correlationId"] = dice.Id().ToString(),
            ["conditionalAccessStatus"] = error == 0 ? "success" : "notApplied",
            ["isInteractive"] = true,
            ["riskDetail"] = "none",
            ["riskLevelAggregated"] = "none",
            ["riskLevelDuringSignIn"] = "none",
            ["riskState"] = "none",
            ["riskEventTypes"] = new JsonArray(),
            ["riskEventTypes_v2"] = new JsonArray(),
            ["resourceDisplayName"] = "Microsoft Graph",
            ["resourceId"] = DemoDice.Of("resource/graph").Id().ToString(),
            ["status"] = new JsonObject
            {
                ["errorCode"] = error,
                ["failureReason"] = error switch
                {
                    0 => "Other.",
                    50126 => "Error validating credentials due to invalid username or password.",
                    _ => "The sign-in was interrupted.",
                },
                ["additionalDetails"] = error == 0 ? "MFA requirement satisfied by claim in the token" : null,
            },
            ["deviceDetail"] = new JsonObject
            {
                ["deviceId"] = home ? DemoDice.Of($"device/{force}/{person}").Id().ToString() : "",
                ["displayName"] = home ? force.Workstation(person) : null,
                ["operatingSystem"] = "Windows 11",
                ["browser"] = "Edge",
                ["isCompliant"] = home,
                ["isManaged"] = home,
                ["trustType"] = home ? "Hybrid Azure AD joined" : null,
            },
            ["location"] = new JsonObject { ["city"] = "Demonstration", ["state"] = "", ["countryOrRegion"] = "GB" },
            ["appliedConditionalAccessPolicies"] = new JsonArray(),
            [DemoJson.Label] = DemoJson.Made,
        };
        return new(force, DemoSource.SignIns, at, "SigninLogs", DemoJson.Text(record));
    }

    /// <summary>A change of the directory.</summary>
    public static DemoEvent Audit(
        DemoForce force, DateTimeOffset at, DemoDice dice, string category, string activity, string type, string user, string address, params JsonObject[] targets)
    {
        var record = new JsonObject
        {
            ["id"] = $"Directory_{dice.Id()}",
            ["category"] = category,
            ["correlationId"] = dice.Id().ToString(),
            ["result"] = "success",
            ["resultReason"] = "",
            ["activityDisplayName"] = activity,
            ["activityDateTime"] = DemoJson.Exact(at),
            ["loggedByService"] = "Core Directory",
            ["operationType"] = type,
            ["initiatedBy"] = new JsonObject
            {
                ["app"] = null,
                ["user"] = new JsonObject
                {
                    ["id"] = DemoDice.Of(user).Id().ToString(),
                    ["displayName"] = null,
                    ["userPrincipalName"] = user,
                    ["ipAddress"] = address,
                    ["roles"] = new JsonArray(),
                },
            },
            ["targetResources"] = new JsonArray([.. targets]),
            ["additionalDetails"] = new JsonArray(new JsonObject { ["key"] = DemoJson.Label, ["value"] = DemoJson.Made }),
        };
        return new(force, DemoSource.DirectoryAudits, at, "AuditLogs", DemoJson.Text(record));
    }

    public static JsonObject User(DemoForce force, int person, params (string Name, string? Old, string? New)[] changes) => Target(
        "User", force.PersonId(person), null, force.Mail(person), changes);

    /// <summary>What a change was made to.</summary>
    public static JsonObject Target(string type, Guid id, string? name, string? mail, params (string Name, string? Old, string? New)[] changes) => new()
    {
        ["id"] = id.ToString(),
        ["displayName"] = name,
        ["type"] = type,
        ["userPrincipalName"] = mail,
        ["modifiedProperties"] = new JsonArray([.. changes.Select(change => (JsonNode)new JsonObject
        {
            ["displayName"] = change.Name,
            ["oldValue"] = change.Old,
            ["newValue"] = change.New,
        })]),
    };

    /// <summary>A person lets an application act for them.</summary>
    public static DemoEvent Consent(DemoForce force, DateTimeOffset at, DemoDice dice, int person, string address, string application, string scope)
    {
        var client = DemoDice.Of($"application/{application}").Id();
        var permissions = $"\"[] => [[Id: {dice.Hex(22)}, ClientId: {client}, PrincipalId: {force.PersonId(person)}, "
            + $"ResourceId: {DemoDice.Of("resource/graph").Id()}, ConsentType: Principal, Scope: {scope}, CreatedDateTime: , LastModifiedDateTime ]]; \"";
        return Audit(force, at, dice, "ApplicationManagement", "Consent to application", "Assign", force.Mail(person), address, Target(
            "ServicePrincipal", client, application, null,
            ("ConsentContext.IsAdminConsent", null, "\"False\""),
            ("ConsentContext.IsAppOnly", null, "\"False\""),
            ("ConsentContext.OnBehalfOfAll", null, "\"False\""),
            ("ConsentAction.Permissions", null, permissions)));
    }
}
