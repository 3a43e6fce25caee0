using System.Text;
using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim;
using Watchhouse.Federation.Scim.Patching;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Users;
using Watchhouse.Federation.Scim.Web;

namespace Watchhouse.Federation.Tests.Scim;

/// <summary>Patches of users. The bodies are those of Microsoft's documentation of its provisioning service.</summary>
public sealed class PatchEngineTests
{
    private static readonly JsonObject Before = Parse("""
        {
          "id": "1", "externalId": "e1", "userName": "sam@force.example",
          "name": { "formatted": "Sam Reed", "givenName": "Sam", "familyName": "Reed" }, "displayName": "Sam Reed", "title": "Analyst",
          "active": true, "emails": [ { "value": "sam@force.example", "type": "work", "primary": true } ]
        }
        """);

    [Theory]
    [InlineData("""{"op":"Replace","path":"active","value":"False"}""")]
    [InlineData("""{"op":"replace","path":"active","value":false}""")]
    [InlineData("""{"op":"Replace","path":"active","value":false}""")]
    [InlineData("""{"op":"Replace","value":{"active":"False"}}""")]
    [InlineData("""{"op":"replace","value":{"active":false}}""")]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}""")]
    [InlineData("""{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User":{"active":false}}}""")]
    public void Apply_Disable_InEveryFlavour(string operation) => Assert.False(State(operation).Active);

    [Fact]
    public void Apply_ReplaceOfManyAttributes_OlderFlavour()
    {
        var state = State(
            """{"op":"Replace","path":"displayName","value":"Pvlo"}""",
            """{"op":"Replace","path":"emails[type eq \"work\"].value","value":"TestBcwqnm@test.microsoft.com"}""",
            """{"op":"Replace","path":"name.givenName","value":"Gtfd"}""",
            """{"op":"Replace","path":"name.familyName","value":"Pkqf"}""",
            """{"op":"Replace","path":"externalId","value":"Eqpj"}""",
            """{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber","value":"Eqpj"}""");

        Assert.Equal(new UserState
        {
            UserName = "sam@force.example",
            Name = "Pvlo",
            GivenName = "Gtfd",
            FamilyName = "Pkqf",
            WorkEmail = "TestBcwqnm@test.microsoft.com",
            Title = "Analyst",
            ExternalId = "Eqpj",
            Active = true,
        }, state);
    }

    [Fact]
    public void Apply_ReplaceOfManyAttributes_RfcFlavour()
    {
        var state = State(
            """{"op":"replace","path":"emails[type eq \"work\"].value","value":"TestMhvaes@test.microsoft.com"}""",
            """
            {"op":"replace","value":{"displayName":"Bjfe","name.givenName":"Kkom","name.familyName":"Unua",
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"Aklq"}}
            """);

        Assert.Equal(("Bjfe", "Kkom", "Unua", "TestMhvaes@test.microsoft.com"),
            (state.Name, state.GivenName, state.FamilyName, state.WorkEmail));
    }

    [Theory]
    [InlineData("""{"op":"Add","path":"nickName","value":"Babs"}""")]
    [InlineData("""{"op":"Add","path":"addresses[type eq \"work\"].locality","value":"Maidstone"}""")]
    [InlineData("""{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"01622 690690"}""")]
    [InlineData("""{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"42"}""")]
    [InlineData("""{"op":"Replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"x"}}}""")]
    [InlineData("""{"op":"Replace","value":{"id":"other","schemas":[],"meta":{},"groups":[],"password":"secret"}}""")]
    [InlineData("""{"op":"Add","path":"emails[type eq \"home\"].value","value":"sam@home.example"}""")]
    [InlineData("""{"op":"Remove","path":"emails","value":[]}""")]
    [InlineData("""{"op":"Remove","path":"emails[type eq \"home\"]"}""")]
    [InlineData("""{"op":"Remove","path":"nickName"}""")]
    public void Apply_AttributesThatAreNotKept_ChangeNothing(string operation) =>
        Assert.Equal(UserMapping.Read(Before, Before), State(operation));

    [Theory]
    [InlineData("""{"op":"Replace","path":"name.familyName","value":"Updated"}""", "Sam Updated")]
    [InlineData("""{"op":"Replace","path":"name","value":{"familyName":"Updated"}}""", "Sam Updated")]
    [InlineData("""{"op":"Replace","path":"name.formatted","value":"Samantha Reed"}""", "Samantha Reed")]
    [InlineData("""{"op":"Replace","value":{"name":{"formatted":"A","givenName":"B"},"displayName":"C"}}""", "C")]
    [InlineData("""{"op":"Remove","path":"displayName"}""", "Sam Reed")]
    public void Apply_ChangeOfNames_GivesOneName(string operation, string name) => Assert.Equal(name, State(operation).Name);

    [Theory]
    [InlineData("""{"op":"Remove","path":"title"}""")]
    [InlineData("""{"op":"Replace","path":"title","value":null}""")]
    [InlineData("""{"op":"Replace","path":"title","value":""}""")]
    public void Apply_Removal_LeavesNothing(string operation) => Assert.Null(State(operation).Title);

    [Theory]
    [InlineData("""{"op":"Replace","path":"emails","value":[{"type":"work","value":"new@force.example"}]}""", "new@force.example")]
    [InlineData("""{"op":"Add","path":"emails","value":[{"type":"work","value":"new@force.example","primary":true}]}""", "new@force.example")]
    [InlineData("""{"op":"Add","path":"emails[type eq \"work\"]","value":{"value":"new@force.example"}}""", "new@force.example")]
    [InlineData("""{"op":"Replace","path":"emails.value","value":"new@force.example"}""", "new@force.example")]
    [InlineData("""{"op":"Remove","path":"emails[type eq \"work\"]"}""", null)]
    [InlineData("""{"op":"Remove","path":"emails","value":[{"value":"sam@force.example"}]}""", null)]
    [InlineData("""{"op":"Replace","path":"userName","value":"new@force.example"}""", "sam@force.example")]
    public void Apply_ChangeOfEmails_GivesTheWorkAddress(string operation, string? work) => Assert.Equal(work, State(operation).WorkEmail);

    [Theory]
    [InlineData("""{"op":"Remove"}""", "noTarget")]
    [InlineData("""{"op":"Replace","value":"x"}""", "invalidValue")]
    [InlineData("""{"op":"Move","path":"title"}""", "invalidSyntax")]
    [InlineData("""{"path":"title"}""", "invalidSyntax")]
    [InlineData("""{"op":"Replace","path":"emails[","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"Replace","path":5,"value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"Replace","path":"title.x","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"Replace","path":"name[givenName eq \"x\"]","value":"x"}""", "invalidPath")]
    [InlineData("""{"op":"Replace","path":"emails[value co \"nobody\"].value","value":"x"}""", "noTarget")]
    [InlineData("""{"op":"Replace","path":"emails[primary gt true].value","value":"x"}""", "invalidFilter")]
    [InlineData("""{"op":"Remove","path":"userName"}""", "mutability")]
    [InlineData("""{"op":"Replace","path":"id","value":"2"}""", "mutability")]
    [InlineData("""{"op":"Add","path":"roles[primary eq \"True\"].value","value":"auditor"}""", "mutability")]
    [InlineData("""{"op":"Add","path":"groups","value":[{"value":"auditor"}]}""", "mutability")]
    [InlineData("""{"op":"Replace","path":"active","value":"maybe"}""", "invalidValue")]
    [InlineData("""{"op":"Replace","path":"title","value":{"a":1}}""", "invalidValue")]
    [InlineData("""{"op":"Replace","path":"name","value":"Sam"}""", "invalidValue")]
    [InlineData("""{"op":"Replace","path":"userName","value":7}""", "invalidValue")]
    [InlineData("""{"op":"Replace","path":"userName","value":""}""", "invalidValue")]
    public void Apply_WrongOperation_IsRefused(string operation, string type)
    {
        var error = Assert.Throws<ScimException>(() => State("""{"op":"Replace","path":"title","value":"before"}""", operation));

        Assert.Equal((400, type), (error.Status, error.Type));
        Assert.Equal("Analyst", Before["title"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"op":"Add","path":"members","value":[{"$ref":null,"value":"a"},{"value":"b"}]}""", false, "a,b", "")]
    [InlineData("""{"op":"Remove","path":"members","value":[{"$ref":null,"value":"a"}]}""", false, "", "a")]
    [InlineData("""{"op":"remove","path":"members[value eq \"a\"]"}""", false, "", "a")]
    [InlineData("""{"op":"remove","path":"members[value eq \"a\" or value eq \"b\"]"}""", false, "", "a,b")]
    [InlineData("""{"op":"remove","path":"members"}""", true, "", "")]
    [InlineData("""{"op":"remove","path":"members","value":[]}""", false, "", "")]
    [InlineData("""{"op":"replace","path":"members","value":[{"value":"c"}]}""", true, "c", "")]
    [InlineData("""{"op":"Replace","value":{"members":[{"value":"c"}],"displayName":"Auditor"}}""", true, "c", "")]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:Group:members","value":{"value":"c"}}""", false, "c", "")]
    public void Read_ChangeOfMembers_InEveryFlavour(string operation, bool only, string added, string removed)
    {
        var change = GroupPatch.Read(PatchRequest.Read(Body(operation)));

        Assert.Equal((only, added, removed),
            (change.OnlyAdded, string.Join(',', change.Added.Order()), string.Join(',', change.Removed.Order())));
    }

    [Theory]
    [InlineData("""{"op":"add","path":"members","value":[{"display":"x"}]}""", "invalidValue")]
    [InlineData("""{"op":"remove","path":"members[display eq \"x\"]"}""", "invalidFilter")]
    [InlineData("""{"op":"replace","path":"members[value eq \"x\"]","value":{"value":"y"}}""", "invalidPath")]
    [InlineData("""{"op":"remove","path":"displayName"}""", "mutability")]
    public void Read_WrongChangeOfMembers_IsRefused(string operation, string type) =>
        Assert.Equal(type, Assert.Throws<ScimException>(() => GroupPatch.Read(PatchRequest.Read(Body(operation)))).Type);

    private static UserState State(params string[] operations) =>
        UserMapping.Read(PatchEngine.Apply(Before, PatchRequest.Read(Body(operations)), ScimSchemas.User), Before);

    private static JsonObject Body(params string[] operations) => Parse(
        """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[""" + string.Join(',', operations) + "]}");

    private static JsonObject Parse(string json) => ScimBody.Parse(Encoding.UTF8.GetBytes(json));
}
