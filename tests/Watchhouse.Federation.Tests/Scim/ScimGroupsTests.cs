using System.Text.Json.Nodes;

namespace Watchhouse.Federation.Tests.Scim;

/// <summary>Role groups as Microsoft Entra ID manages them, over HTTP. Each test has a force of its own.</summary>
[Collection(ScimCollection.Name)]
public sealed class ScimGroupsTests(ScimHouse house)
{
    private readonly ScimCaller _essex = house.Caller("ESS");

    [Fact]
    public async Task EntraSequence_OfAGroup_IsFollowed()
    {
        var surrey = house.Caller("SRY");
        var none = await surrey.GetAsync(Filter("displayName eq \"Watchhouse Auditor\"") + "&excludedAttributes=members");
        Assert.Equal((200, 0), (none.Status, none.Total));
        var matched = await surrey.PostAsync("/Groups", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
             "externalId":"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159","displayName":"Watchhouse Auditor","meta":{"resourceType":"Group"}}
            """);
        Assert.Equal((201, "http://localhost/scim/v2/Groups/auditor"), (matched.Status, matched.Location));
        Assert.Empty(matched.Body!["members"]!.AsArray());

        var user = (await surrey.CreateAsync())["id"]!.GetValue<string>();
        Assert.Equal(204, (await surrey.PatchAsync("/Groups/auditor", ScimUsersTests.Patch(
            $$"""{"op":"Add","path":"members","value":[{"$ref":null,"value":"{{user}}"}]}"""))).Status);
        var group = (await surrey.GetAsync("/Groups/auditor")).Body!;
        Assert.Equal(user, Assert.Single(group["members"]!.AsArray())!["value"]!.GetValue<string>());
        Assert.Equal("auditor", (await surrey.GetAsync($"/Users/{user}")).Body!["groups"]![0]!["value"]!.GetValue<string>());
        Assert.Equal(1, (await surrey.GetAsync(Filter($"id eq \"auditor\" and members eq \"{user}\"") + "&attributes=id")).Total);
        Assert.Equal(1, (await surrey.GetAsync(Filter("externalId eq \"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159\""))).Total);
        var lean = (await surrey.GetAsync("/Groups/auditor?excludedAttributes=members")).Body!;
        Assert.Equal((false, "Auditor"), (lean.ContainsKey("members"), lean["displayName"]!.GetValue<string>()));

        var remove = ScimUsersTests.Patch($$"""{"op":"Remove","path":"members","value":[{"$ref":null,"value":"{{user}}"}]}""");
        Assert.Equal(204, (await surrey.PatchAsync("/Groups/auditor", remove)).Status);
        Assert.Equal(204, (await surrey.PatchAsync("/Groups/auditor", remove)).Status);
        Assert.Empty((await surrey.GetAsync("/Groups/auditor")).Body!["members"]!.AsArray());
        Assert.Equal(204, (await surrey.DeleteAsync("/Groups/auditor")).Status);
        Assert.Null((await surrey.GetAsync("/Groups/auditor")).Body!["externalId"]);
    }

    [Fact]
    public async Task List_OfAForce_HasItsRolesAndNoOthers()
    {
        var groups = await _essex.GetAsync("/Groups?excludedAttributes=members");
        var ids = groups.Resources.Select(g => g!["id"]!.GetValue<string>()).ToList();

        Assert.Contains("securityOfficer", ids);
        Assert.DoesNotContain("nmcAnalyst", ids);
        Assert.DoesNotContain("provisioningClient", ids);
        (await _essex.GetAsync("/Groups/nmcAnalyst")).IsError(404);
        (await _essex.PostAsync("/Groups", """{"displayName":"NMC analyst"}""")).IsError(400, "invalidValue");
        (await _essex.PostAsync("/Groups", """{"displayName":"Canteen"}""")).IsError(400, "invalidValue");
    }

    [Fact]
    public async Task Put_Members_IsExactlyThese()
    {
        var (first, second) = (await IdAsync(), await IdAsync());
        await _essex.PutAsync("/Groups/itLead", Group("IT lead", first));
        var put = await _essex.PutAsync("/Groups/itLead", Group("itLead", second));

        Assert.Equal(second, Assert.Single(put.Body!["members"]!.AsArray())!["value"]!.GetValue<string>());
        (await _essex.PutAsync("/Groups/itLead", Group("Auditor", second))).IsError(400, "mutability");
    }

    [Fact]
    public async Task Patch_WithOneUnknownMember_ChangesNobody()
    {
        var user = await IdAsync();
        (await _essex.PatchAsync("/Groups/evidenceOfficer", ScimUsersTests.Patch($$"""
            {"op":"Add","path":"members","value":[{"value":"{{user}}"},{"value":"{{Guid.CreateVersion7()}}"}]}
            """))).IsError(400, "invalidValue");

        Assert.Empty((await _essex.GetAsync("/Groups/evidenceOfficer")).Body!["members"]!.AsArray());
    }

    [Fact]
    public async Task Link_OfOneGroupToTwoRoles_IsRefused()
    {
        var link = Guid.NewGuid().ToString();
        Assert.Equal(201, (await _essex.PostAsync("/Groups", $$"""{"displayName":"Case file officer","externalId":"{{link}}"}""")).Status);

        (await _essex.PostAsync("/Groups", $$"""{"displayName":"Contact operator","externalId":"{{link}}"}""")).IsError(409, "uniqueness");
        (await _essex.PatchAsync("/Groups/contactOperator", ScimUsersTests.Patch($$"""{"op":"Add","path":"externalId","value":"{{link}}"}"""))).IsError(409, "uniqueness");
    }

    [Fact]
    public async Task Administrator_ByDirectory_IsGivenAndWrittenDown()
    {
        var user = await IdAsync();
        Assert.Equal(200, (await _essex.PatchAsync("/Groups/forceAdministrator?attributes=members", ScimUsersTests.Patch(
            $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"}]}"""))).Status);
        Assert.Equal("forceAdministrator", (await _essex.GetAsync($"/Users/{user}")).Body!["roles"]![0]!["value"]!.GetValue<string>());
        Assert.Equal("people.provision.administrator", (await house.AuditAsync($"person/{user}", 2))[1].Action);
        (await _essex.DeleteAsync("/Groups/forceAdministrator", ("If-Match", "W/\"1\""))).IsError(412);
    }

    private static string Filter(string filter) => "/Groups?filter=" + Uri.EscapeDataString(filter);

    private static string Group(string name, string member) => new JsonObject
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Group"),
        ["displayName"] = name,
        ["members"] = new JsonArray(new JsonObject { ["value"] = member }),
    }.ToJsonString();

    private async Task<string> IdAsync() => (await _essex.CreateAsync())["id"]!.GetValue<string>();
}
