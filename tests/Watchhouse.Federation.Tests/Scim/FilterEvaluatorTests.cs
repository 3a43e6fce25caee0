using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Tests.Scim;

public sealed class FilterEvaluatorTests
{
    private static readonly JsonObject Person = JsonNode.Parse("""
        {
          "id": "0198c0de-0000-7000-8000-000000000001", "externalId": "Ext-1", "userName": "sam.reed@force.example",
          "name": { "formatted": "Sam Reed", "givenName": "Sam" }, "displayName": "Sam Reed", "title": "Analyst", "active": true,
          "emails": [ { "value": "sam@force.example", "type": "work", "primary": true } ],
          "roles": [ { "value": "auditor", "display": "Auditor" } ],
          "meta": { "resourceType": "User", "created": "2026-03-01T08:00:00.000Z" }
        }
        """)!.AsObject();

    [Theory]
    [InlineData("userName eq \"SAM.REED@force.example\"", true)]
    [InlineData("USERNAME eq \"sam.reed@force.example\"", true)]
    [InlineData("externalId eq \"ext-1\"", false)]
    [InlineData("externalId eq \"Ext-1\"", true)]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"sam\"", true)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"x\"", false)]
    [InlineData("nickName pr", false)]
    [InlineData("nickName eq null", true)]
    [InlineData("nickName ne \"x\"", true)]
    [InlineData("title ew \"lyst\"", true)]
    [InlineData("title co \"NAL\"", true)]
    [InlineData("active eq true", true)]
    [InlineData("active eq \"True\"", true)]
    [InlineData("active ne true", false)]
    [InlineData("emails[type eq \"work\"].value eq \"sam@force.example\"", true)]
    [InlineData("emails[type eq \"home\"].value eq \"sam@force.example\"", false)]
    [InlineData("emails[type eq \"work\" and primary eq true]", true)]
    [InlineData("emails co \"@force\"", true)]
    [InlineData("emails.value ew \".example\"", true)]
    [InlineData("roles eq \"auditor\"", true)]
    [InlineData("not (roles pr)", false)]
    [InlineData("name.givenName eq \"sam\" and (title eq \"x\" or active eq true)", true)]
    [InlineData("name.familyName pr", false)]
    [InlineData("meta.created ge \"2026-03-01T09:00:00+01:00\"", true)]
    [InlineData("meta.created lt \"2026-03-01T08:00:00Z\"", false)]
    [InlineData("title gt \"Aa\" and title le \"analyst\"", true)]
    [InlineData("title eq 5", false)]
    [InlineData("emails pr", true)]
    [InlineData("name pr", true)]
    public void Matches_Filter_AsTheRfcSays(string filter, bool expected)
    {
        var parsed = FilterParser.Parse(filter);
        FilterEvaluator.Check(parsed, ScimSchemas.User);

        Assert.Equal(expected, FilterEvaluator.Matches(parsed, Person, ScimSchemas.User));
    }

    [Theory]
    [InlineData("active gt true")]
    [InlineData("active co \"t\"")]
    [InlineData("name eq \"Sam\"")]
    [InlineData("title co 5")]
    [InlineData("title lt null")]
    [InlineData("meta.created gt \"yesterday\"")]
    [InlineData("emails[primary gt true]")]
    [InlineData("not (title pr and active ge false)")]
    public void Check_ImpossibleComparison_IsRefused(string filter) =>
        Assert.Equal("invalidFilter", Assert.Throws<ScimException>(
            () => FilterEvaluator.Check(FilterParser.Parse(filter), ScimSchemas.User)).Type);

    [Theory]
    [InlineData("userName eq \"A@b.example\"", true, "a@b.example")]
    [InlineData("userName eq \"a@b.example\" and active eq true", false, "a@b.example")]
    [InlineData("userName eq \"a@b.example\" or active eq true", false, null)]
    [InlineData("not (userName eq \"a@b.example\")", false, null)]
    [InlineData("userName eq \"a@b.example\" and userName eq \"c@d.example\"", false, "a@b.example")]
    [InlineData("userName sw \"a\"", false, null)]
    public void Of_Filter_FindsWhatAnIndexAnswers(string filter, bool exact, string? userName)
    {
        var shape = FilterShape.Of(FilterParser.Parse(filter));

        Assert.Equal((exact, userName), (shape.Exact, shape.UserName));
    }
}
