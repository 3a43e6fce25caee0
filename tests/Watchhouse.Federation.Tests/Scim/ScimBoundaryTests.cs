using System.Text;
using CsCheck;
using Watchhouse.Federation.Scim.Web;

namespace Watchhouse.Federation.Tests.Scim;

/// <summary>Between forces, against rubbish, and what the service says of itself.</summary>
[Collection(ScimCollection.Name)]
public sealed class ScimBoundaryTests(ScimHouse house)
{
    private readonly ScimCaller _kent = house.Caller("KEN");
    private readonly ScimCaller _sussex = house.Caller("SUS");

    [Fact]
    public async Task AnotherForcesPerson_IsAnsweredLikeNobody()
    {
        var user = await _sussex.CreateAsync();
        var (theirs, unknown) = ($"/Users/{user["id"]}", $"/Users/{Guid.CreateVersion7()}");
        var patch = ScimUsersTests.Patch("""{"op":"Replace","path":"active","value":false}""");
        var put = """{"userName":"a@b.example"}""";

        Assert.Equal((await _kent.GetAsync(unknown)).IsError(404), await _kent.GetAsync(theirs));
        Assert.Equal((await _kent.PatchAsync(unknown, patch)).IsError(404), await _kent.PatchAsync(theirs, patch));
        Assert.Equal((await _kent.PutAsync(unknown, put)).IsError(404), await _kent.PutAsync(theirs, put));
        Assert.Equal((await _kent.DeleteAsync(unknown)).IsError(404), await _kent.DeleteAsync(theirs));
        Assert.Equal(user.ToJsonString(), (await _sussex.GetAsync(theirs)).Body!.ToJsonString());
    }

    [Fact]
    public async Task AnotherForcesPerson_IsInNoListAndNoGroup()
    {
        var user = await _sussex.CreateAsync(externalId: "shared-key");
        foreach (var filter in new[] { $"userName eq \"{user["userName"]}\"", $"id eq \"{user["id"]}\"", $"userName sw \"{user["userName"]}\"" })
            Assert.Equal(0, (await _kent.GetAsync("/Users?filter=" + Uri.EscapeDataString(filter))).Total);

        var mine = await _kent.CreateAsync(externalId: "shared-key");
        Assert.Equal(mine["id"]!.GetValue<string>(),
            Assert.Single((await _kent.GetAsync("/Users?filter=" + Uri.EscapeDataString("externalId eq \"shared-key\""))).Resources)!["id"]!.GetValue<string>());
        var theirs = await AddAsync(user["id"]!.GetValue<string>());
        var unknown = await AddAsync(Guid.CreateVersion7().ToString());
        Assert.Equal((400, unknown.Text.Length), (theirs.IsError(400, "invalidValue").Status, theirs.Text.Length));

        Task<Answer> AddAsync(string id) => _kent.PatchAsync("/Groups/auditor", ScimUsersTests.Patch(
            $$"""{"op":"Add","path":"members","value":[{"value":"{{id}}"}]}"""));
    }

    [Fact]
    public async Task Lists_ArePagedAndCounted()
    {
        var name = "Paged " + Guid.NewGuid();
        for (var i = 0; i < 5; i++) await _kent.CreateAsync(name: name);
        foreach (var filter in new[] { $"displayName eq \"{name}\"", $"displayName sw \"{name}\"", $"displayName eq \"{name}\" and active eq true" })
        {
            var query = $"/Users?filter={Uri.EscapeDataString(filter)}";
            var page = await _kent.GetAsync(query + "&startIndex=2&count=3&attributes=userName");
            Assert.Equal((5, 3, 2), (page.Total, page.Resources.Count, page.Body!["startIndex"]!.GetValue<int>()));
            Assert.Equal(["id", "schemas", "userName"], page.Resources[0]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
            Assert.Equal((5, 0), await CountsAsync(query + "&count=0"));
            Assert.Equal((5, 5), await CountsAsync(query + "&startIndex=-4&count=500"));
            Assert.Equal((5, 0), await CountsAsync(query + "&startIndex=9"));
        }

        var search = await _kent.PostAsync("/Users/.search", $$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"displayName eq \"{{name}}\"","startIndex":5,"count":10,
             "excludedAttributes":["name.formatted","emails"]}
            """);
        Assert.Equal((5, 1), (search.Total, search.Resources.Count));
        Assert.False(search.Resources[0]!.AsObject().ContainsKey("emails"));

        async Task<(int, int)> CountsAsync(string query)
        {
            var page = await _kent.GetAsync(query);
            return (page.Total, page.Resources.Count);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"userName\":\"a\",\"USERNAME\":\"b\"}")]
    [InlineData("{\"userName\":\"\\ud800\"}")]
    [InlineData("{\"userName\":1,}")]
    [InlineData("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"userName\":\"a@b.example\"}")]
    public async Task Post_Rubbish_IsInvalidSyntax(string body) => (await _kent.PostAsync("/Users", body)).IsError(400, "invalidSyntax");

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"userName\":\"no address\"}")]
    [InlineData("{\"userName\":7}")]
    [InlineData("{\"userName\":\"a@b.example\",\"active\":\"perhaps\"}")]
    [InlineData("{\"userName\":\"a@b.example\",\"name\":\"Sam\"}")]
    [InlineData("{\"userName\":\"a@b.example\",\"emails\":[5]}")]
    [InlineData("{\"userName\":\"a@b.example\",\"emails\":[{\"type\":\"work\",\"value\":\"nowhere\"}]}")]
    [InlineData("{\"userName\":\"a@b.example\",\"title\":\"\\u0007\"}")]
    public async Task Post_WrongValues_IsInvalidValue(string body) => (await _kent.PostAsync("/Users", body)).IsError(400, "invalidValue");

    [Fact]
    public async Task Bodies_TooDeepTooLargeOrOfAnotherType_AreRefused()
    {
        var deep = "{\"a\":" + new string('[', 200) + new string(']', 200) + "}";
        Assert.Contains("line 1", (await _kent.PostAsync("/Users", deep)).IsError(400, "invalidSyntax").Text, StringComparison.Ordinal);
        (await _kent.PostAsync("/Users", "{\"title\":\"" + new string('x', ScimBody.Largest) + "\"}")).IsError(413);
        (await _kent.SendAsync(HttpMethod.Post, "/Users", "<user/>", type: "application/xml")).IsError(415);
        var json = await _kent.SendAsync(
            HttpMethod.Post, "/Users", $$"""{"userName":"{{ScimCaller.NewAddress()}}"}""", type: "application/json");
        Assert.Equal((201, "application/scim+json"), (json.Status, json.Type));
        (await _kent.PatchAsync("/Users/" + json.Body!["id"], "{\"Operations\":{}}")).IsError(400, "invalidSyntax");
    }

    [Theory]
    [InlineData("/Users?filter=userName", 400, "invalidFilter")]
    [InlineData("/Users?filter=active%20gt%20true", 400, "invalidFilter")]
    [InlineData("/Users?count=many", 400, "invalidValue")]
    [InlineData("/Users?attributes=id&excludedAttributes=emails", 400, "invalidValue")]
    [InlineData("/Users?attributes=a.b.c", 400, "invalidPath")]
    [InlineData("/Users/no-id", 404, null)]
    [InlineData("/Users/0198C0DE-0000-7000-8000-000000000001", 404, null)]
    [InlineData("/Groups/no-role", 404, null)]
    [InlineData("/Schemas/urn:nothing", 404, null)]
    [InlineData("/Schemas?filter=id%20pr", 403, null)]
    [InlineData("/Me", 501, null)]
    [InlineData("/Elsewhere", 404, null)]
    public async Task Get_WhatCannotBeAnswered_IsAScimError(string path, int status, string? type) =>
        (await _kent.GetAsync(path)).IsError(status, type);

    [Fact]
    public async Task Discovery_SaysWhatIsOffered()
    {
        var configuration = (await _kent.GetAsync("/ServiceProviderConfig")).Body!;
        Assert.True(configuration["patch"]!["supported"]!.GetValue<bool>());
        Assert.False(configuration["bulk"]!["supported"]!.GetValue<bool>());
        (await _kent.PostAsync("/Bulk", "{}")).IsError(501);
        var schemas = (await _kent.GetAsync("/Schemas")).Resources;
        Assert.Equal(2, schemas.Count);
        foreach (var schema in schemas) Assert.Equal(200, (await _kent.GetAsync($"/Schemas/{schema!["id"]}")).Status);
        Assert.Equal("/Users", (await _kent.GetAsync("/ResourceTypes/User")).Body!["endpoint"]!.GetValue<string>());
        Assert.Equal(2, (await _kent.GetAsync("/ResourceTypes")).Total);
    }

    [Fact]
    public async Task AnotherRole_MayNot() => Assert.Equal(403, (await house.Caller("KEN:Auditor").GetAsync("/Users")).Status);

    [Fact]
    public void Parse_AnyBytes_ThrowsNothingButTheTypedError() =>
        Check.Sample(Gen.OneOf(
            Gen.Byte.Array[0, 40],
            Gen.Char["{}[]\":,\\ud8a0tn1 "].Array[0, 40].Select(c => Encoding.UTF8.GetBytes(c))), bytes =>
            {
                try
                {
                    ScimBody.Parse(bytes);
                }
                catch (Watchhouse.Federation.Scim.ScimException)
                {
                    // The one error there is.
                }
            }, iter: 20_000);
}
