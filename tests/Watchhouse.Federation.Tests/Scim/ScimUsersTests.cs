using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Tests.Scim;

/// <summary>The life of a user as Microsoft Entra ID leads it, over HTTP.</summary>
[Collection(ScimCollection.Name)]
public sealed class ScimUsersTests(ScimHouse house)
{
    private readonly ScimCaller _kent = house.Caller("KEN");

    [Fact]
    public async Task EntraSequence_FromFirstSightToDeletion_IsFollowed()
    {
        var address = ScimCaller.NewAddress();
        var query = $"/Users?filter={Uri.EscapeDataString($"userName eq \"{address}\"")}";
        var nobody = await _kent.GetAsync(query);
        Assert.Equal((200, 0, 0), (nobody.Status, nobody.Total, nobody.Resources.Count));

        var created = await _kent.PostAsync("/Users", $$"""
            {
              "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
              "externalId": "0a21f0f2-{{Guid.NewGuid()}}", "userName": "{{address}}", "active": true,
              "emails": [{ "primary": true, "type": "work", "value": "mail.{{address}}" }],
              "meta": { "resourceType": "User" },
              "name": { "formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName" },
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "ICT", "employeeNumber": "7" },
              "roles": []
            }
            """);
        Assert.Equal((201, "application/scim+json"), (created.Status, created.Type));
        var id = created.Body!["id"]!.GetValue<string>();
        Assert.Equal($"http://localhost/scim/v2/Users/{id}", created.Location);
        Assert.Equal("W/\"1\"", created.Tag);
        Assert.Equal("mail." + address, created.Body["emails"]![0]!["value"]!.GetValue<string>());

        var found = await _kent.GetAsync(query);
        Assert.Equal((1, id), (found.Total, found.Resources[0]!["id"]!.GetValue<string>()));

        var updated = await _kent.PatchAsync($"/Users/{id}", Patch(
            """{"op":"Replace","path":"emails[type eq \"work\"].value","value":"updatedEmail@microsoft.com"}""",
            """{"op":"Replace","path":"name.familyName","value":"updatedFamilyName"}"""));
        Assert.Equal(200, updated.Status);
        Assert.Equal("givenName updatedFamilyName", updated.Body!["name"]!["formatted"]!.GetValue<string>());
        Assert.Equal("updatedEmail@microsoft.com", updated.Body["emails"]![0]!["value"]!.GetValue<string>());

        var disabled = await _kent.PatchAsync($"/Users/{id}", Patch("""{"op":"Replace","path":"active","value":"False"}"""));
        Assert.False(disabled.Body!["active"]!.GetValue<bool>());
        Assert.False((await _kent.GetAsync($"/Users/{id}")).Body!["active"]!.GetValue<bool>());
        Assert.Equal(1, (await _kent.GetAsync(query)).Total);

        var restored = await _kent.PatchAsync($"/Users/{id}", Patch("""{"op":"replace","value":{"active":true}}"""));
        Assert.True(restored.Body!["active"]!.GetValue<bool>());

        Assert.Equal(204, (await _kent.DeleteAsync($"/Users/{id}")).Status);
        (await _kent.GetAsync($"/Users/{id}")).IsError(404);
        (await _kent.DeleteAsync($"/Users/{id}")).IsError(404);
        Assert.Equal(0, (await _kent.GetAsync(query)).Total);
        Assert.NotEqual(id, (await _kent.CreateAsync(address))["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Patch_SeveralFieldsAndStatus_IsOneVersion()
    {
        var user = await _kent.CreateAsync();
        var patched = await _kent.PatchAsync($"/Users/{user["id"]}", Patch(
            """{"op":"Add","path":"title","value":"Sergeant"}""",
            """{"op":"Replace","path":"displayName","value":"Alex Moor"}""",
            """{"op":"Replace","path":"active","value":"False"}"""));

        Assert.Equal("W/\"2\"", patched.Tag);
        var entries = await house.AuditAsync($"person/{user["id"]}", 2);
        Assert.Equal(["people.provision", "people.provision"], entries.Select(e => e.Action));
        Assert.Equal(["jobTitle", "name", "status"], entries[1].Changes!.Keys);
        Assert.Equal("Directory of KEN", entries[1].Actor.Name);
        Assert.Equal("W/\"2\"", (await _kent.PatchAsync($"/Users/{user["id"]}", Patch("""{"op":"Replace","path":"active","value":false}"""))).Tag);
    }

    [Fact]
    public async Task Patch_WithOneWrongOperation_ChangesNothing()
    {
        var user = await _kent.CreateAsync();
        (await _kent.PatchAsync($"/Users/{user["id"]}", Patch(
            """{"op":"Replace","path":"title","value":"Sergeant"}""",
            """{"op":"Replace","path":"userName","value":"not an address"}"""))).IsError(400, "invalidValue");

        var after = await _kent.GetAsync($"/Users/{user["id"]}");
        Assert.Equal("W/\"1\"", after.Tag);
        Assert.Null(after.Body!["title"]);
    }

    [Fact]
    public async Task Put_WholeUser_ReplacesWhatTheDirectorySays()
    {
        var user = await _kent.CreateAsync();
        await _kent.PatchAsync($"/Users/{user["id"]}", Patch("""{"op":"Add","path":"title","value":"Sergeant"}"""));
        var put = await _kent.PutAsync($"/Users/{user["id"]}", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"ignored","userName":"{{user["userName"]}}",
             "name":{"givenName":"Ada","familyName":"Fenn"},"active":true}
            """);

        Assert.Equal((200, "Ada Fenn"), (put.Status, put.Body!["displayName"]!.GetValue<string>()));
        Assert.Null(put.Body["title"]);
    }

    [Fact]
    public async Task Post_AddressOrExternalIdInUse_IsUniqueness()
    {
        var externalId = Guid.NewGuid().ToString();
        var user = await _kent.CreateAsync(externalId: externalId);
        var address = user["userName"]!.GetValue<string>();

#pragma warning disable CA1308 // The case is what is tested.
        (await _kent.PostAsync("/Users", User(address.ToUpperInvariant(), null))).IsError(409, "uniqueness");
#pragma warning restore CA1308
        (await _kent.PostAsync("/Users", User(ScimCaller.NewAddress(), externalId))).IsError(409, "uniqueness");
        var other = await _kent.CreateAsync();
        (await _kent.PatchAsync($"/Users/{other["id"]}", Patch($$"""{"op":"Replace","path":"userName","value":"{{address}}"}"""))).IsError(409, "uniqueness");
        (await _kent.PatchAsync($"/Users/{other["id"]}", Patch($$"""{"op":"Add","path":"externalId","value":"{{externalId}}"}"""))).IsError(409, "uniqueness");
    }

    [Fact]
    public async Task Post_DisabledUser_IsKeptOutFromTheStart()
    {
        var created = await _kent.PostAsync("/Users", $$"""{"userName":"{{ScimCaller.NewAddress()}}","active":"False"}""");

        Assert.Equal((201, false), (created.Status, created.Body!["active"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Change_WithStaleTag_IsRefused()
    {
        var user = await _kent.CreateAsync();
        var path = $"/Users/{user["id"]}";
        var title = Patch("""{"op":"Replace","path":"title","value":"Sergeant"}""");
        Assert.Equal(200, (await _kent.PatchAsync(path, title, ("If-Match", "W/\"1\""))).Status);

        (await _kent.PatchAsync(path, title, ("If-Match", "W/\"1\""))).IsError(412);
        (await _kent.PutAsync(path, User(user["userName"]!.GetValue<string>(), null), ("If-Match", "\"1\""))).IsError(412);
        (await _kent.DeleteAsync(path, ("If-Match", "W/\"1\""))).IsError(412);
        Assert.Equal(304, (await _kent.GetAsync(path, ("If-None-Match", "W/\"2\""))).Status);
        Assert.Equal(200, (await _kent.PatchAsync(path, title, ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task Patch_ByManyAtOnce_LosesNone()
    {
        var user = await _kent.CreateAsync();
        var path = $"/Users/{user["id"]}";
        var answers = await Task.WhenAll(
            _kent.PatchAsync(path, Patch("""{"op":"Replace","path":"title","value":"Sergeant"}""")),
            _kent.PatchAsync(path, Patch("""{"op":"Replace","path":"name.givenName","value":"Ada"}""")),
            _kent.PatchAsync(path, Patch("""{"op":"Replace","path":"name.familyName","value":"Fenn"}""")));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        var after = (await _kent.GetAsync(path)).Body!;
        Assert.Equal(("Sergeant", "Ada", "Fenn"), (after["title"]!.GetValue<string>(),
            after["name"]!["givenName"]!.GetValue<string>(), after["name"]!["familyName"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Delete_OfSomebodySignedIn_EndsTheSessionAndIsAudited()
    {
        var user = await _kent.CreateAsync();
        var person = new PersonId(Guid.Parse(user["id"]!.GetValue<string>()));
        var sessions = (Sessions)house.Services.GetService(typeof(Sessions))!;
        var signIn = await sessions.StartAsync(person, "passkey", TestContext.Current.CancellationToken);
        await _kent.DeleteAsync($"/Users/{person}");

        await using var session = await house.House.EnterAsync(ActingPrincipal.ForJob("test"),
            new Access(Permissions.PeopleRead) { Logged = false }, TestContext.Current.CancellationToken);
        Assert.NotNull((await session.Db.Set<Session>().SingleAsync(s => s.Id == signIn, TestContext.Current.CancellationToken)).EndedAt);
        var left = await session.Db.Set<Person>().SingleAsync(p => p.Id == person, TestContext.Current.CancellationToken);
        Assert.Equal(PersonStatus.Left, left.Status);
    }

    private static string User(string userName, string? externalId) => new JsonObject
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"),
        ["userName"] = userName,
        ["externalId"] = externalId,
    }.ToJsonString();

    internal static string Patch(params string[] operations) =>
        """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[""" + string.Join(',', operations) + "]}";
}
