using System.Text;

namespace Watchhouse.Sigma.Tests;

/// <summary>
/// Every SigmaHQ rule for Azure and Microsoft 365 against a record of its source in every shape in which such records arrive, with
/// the rule's own values in the places where the real record carries them.
/// </summary>
public sealed class MicrosoftRulesTests
{
    /// <summary>Rules that fire on no record of any shape, and why.</summary>
    private static readonly Dictionary<string, string> CannotFire = new()
    {
        ["azure_guest_to_member"] = "wants the activity to be a piece of the JSON of the changed properties, and to be 'Update user' as well",
        ["azure_legacy_authentication_protocols"] = "wants the user and the activity to be the words 'UPN' and 'Sign-ins', which stand for something else",
    };

    /// <summary>Rules that would fire if a record said what they want, which none does.</summary>
    private static readonly Dictionary<string, string> NeverSaid = new()
    {
        ["azure_app_uri_modifications"] = "no activity has the name 'Update Application Sucess- Property Name AppAddress'",
        ["azure_privileged_account_creation"] = "wants two activities in one record, which has one",
        ["azure_user_password_change"] = "wants initiator and target to hold the word 'UPN', which stands for a name",
        ["azure_group_user_addition_ca_modification"] = "the activity is called 'Add member to group', not 'from'",
        ["azure_app_role_added"] = "the type is written ServicePrincipal, without a blank",
        ["azure_device_or_configuration_modified_or_deleted"] = "activities on devices are in the audit log of Entra, not in the activity log of Azure",
        ["azure_subscription_permissions_elevation_via_auditlogs"] = "the activity log of Azure has this record, and the audit log another category and name",
        ["azure_conditional_access_failure"] = "the reason of 53003 is a longer sentence",
        ["azure_pim_role_assigned_outside_of_pim"] = "names the alert's configuration, and what arrives is the alert's incident",
    };

    [Fact]
    public void Detect_EveryRuleInEveryShape_FiresOrIsKnownNotTo()
    {
        var rules = SigmaHq.RuleSet.Rules.Where(rule => rule.LogSource.Product is "azure" or "m365").ToList();
        var silent = new List<string>();
        foreach (var rule in rules)
        {
            var shapes = RealShape.All.Where(shape => shape.Service == rule.LogSource.Service).ToList();
            Assert.NotEmpty(shapes);
            var name = MicrosoftRecords.Name(rule);
            foreach (var shape in shapes)
            {
                var fires = shape.With(RequiredValues.Of(rule.Condition)) is { } record
                    && MicrosoftRecords.Detect(Encoding.UTF8.GetBytes(record)).Single().Rules.Contains(name);
                if (!fires) silent.Add($"{name} / {shape.Name}");
            }
        }

        Assert.Equal(145, rules.Count);
        Assert.Equal("", string.Join('\n', silent.Where(each => !CannotFire.ContainsKey(each[..each.IndexOf(' ', StringComparison.Ordinal)]))));
        Assert.All(CannotFire.Keys, name => Assert.Equal(3, silent.Count(each => each.StartsWith(name + " /", StringComparison.Ordinal))));
        Assert.Empty(NeverSaid.Keys.Except(rules.Select(MicrosoftRecords.Name)));
    }
}
